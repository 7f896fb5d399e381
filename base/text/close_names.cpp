#include "base/close_names.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace locus {
namespace {

constexpr size_t max_compared_bytes = 256;  // names beyond are not compared: the cost is quadratic

// Levenshtein 1966, one row of the table at a time.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

bool differ_by_prefix(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return !a.empty() && a.size() < b.size() && b.ends_with(a) && b[b.size() - a.size() - 1] == '.';
}

}  // namespace

std::vector<std::string> close_names(std::string_view name, std::span<const std::string> known) {
  if (name.size() > max_compared_bytes) return {};
  const size_t limit = std::max<size_t>(2, name.size() / 5);
  std::vector<std::pair<size_t, std::string>> close;
  for (const auto& other : known) {
    if (other.size() > max_compared_bytes) continue;
    const size_t distance = differ_by_prefix(name, other) ? 1 : edit_distance(name, other);
    if (distance <= limit) close.emplace_back(distance, other);
  }
  std::sort(close.begin(), close.end());
  if (close.size() > 3) close.resize(3);
  std::vector<std::string> names;
  for (auto& [distance, other] : close) names.push_back(std::move(other));
  return names;
}

}  // namespace locus
