#include "tools/cli/verbs/position/text.hpp"

#include <algorithm>

#include "tools/cli/terminal/picture.hpp"
#include "tools/cli/terminal/table.hpp"

namespace locus::cli {
namespace {

constexpr int64_t max_heads = 16;

std::string heading(const PositionView& view) {
  const auto& [name, text, encoding, probe, untrained] = view.subject;
  return bold(text) + (name.empty() ? "" : dim("  " + name)) +
         (untrained ? "  (untrained: a seeded initial state)" : "") + "\n";
}

std::string drawing(const std::string& title, const Tensor& matrix) {
  return "\n" + title + " " + to_string(matrix.shape()) + "\n" +
         picture(matrix.view(), terminal_width()) + picture_scale(matrix.view()) + "\n";
}

// Distances worth a column: 0 and powers of two, on both sides.
std::vector<int64_t> chosen_distances(int64_t length) {
  std::vector<int64_t> distances{0};
  for (int64_t n = 1; n < length && distances.size() < 12; n *= 4) {
    distances.push_back(n);
    distances.push_back(-n);
  }
  std::sort(distances.begin(), distances.end());
  return distances;
}

std::string distances_text(const Tensor& bias, int64_t length) {
  std::vector<Table::Column> columns{left("key - query")};
  const auto distances = chosen_distances(length);
  for (const auto n : distances) columns.push_back(right(std::to_string(n)));
  Table table(columns);
  for (int64_t head = 0; head < std::min(bias.shape()[0], max_heads); ++head) {
    std::vector<std::string> row{"head " + std::to_string(head)};
    for (const auto n : distances) row.push_back(fixed(bias.view()(head, length - 1 + n), 3));
    table.add(row);
  }
  return table.text(terminal_width());
}

std::string decay_text(const Tensor& decay) {
  std::vector<Table::Column> columns{left("distance")};
  std::vector<std::string> row{"inner product"};
  for (int64_t n = 0; n < decay.count() && columns.size() < 9; n = n ? 2 * n : 1) {
    columns.push_back(right(std::to_string(n)));
    row.push_back(fixed(decay.values()[static_cast<size_t>(n)], 3));
  }
  Table table(columns);
  table.add(row);
  return table.text(terminal_width());
}

}  // namespace

std::string to_text(const PositionView& view) {
  const auto length = view.subject.probe.length;
  auto text = heading(view);
  if (!view.rows.empty()) {
    text += drawing(view.adds ? "position by dimension, added to token vectors"
                              : "position by dimension of (1, ..., 1) / sqrt(d), rotated",
                    view.rows);
    text += drawing("inner products of positions", view.inner_products);
  }
  if (!view.decay.empty()) text += "\n" + decay_text(view.decay);
  if (!view.bias.empty()) {
    text += drawing("added to scores, head by distance", view.bias);
    text += "\n" + distances_text(view.bias, length);
  }
  if (!view.response.empty()) {
    text += drawing("added to the score of unit vectors, head by distance", view.response);
    text += "\n" + distances_text(view.response, length);
  }
  if (view.indicators) text += "\n" + to_text(view.indicators) + "\n";
  if (view.rows.empty() && view.bias.empty() && view.response.empty()) {
    text += "It changes neither vectors nor scores.\n";
  }
  return text;
}

}  // namespace locus::cli
