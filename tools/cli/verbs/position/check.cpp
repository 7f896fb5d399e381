#include "tools/cli/verbs/position/check.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "tools/cli/verbs/doctor/alternatives.hpp"
#include "tools/cli/verbs/position/view.hpp"

namespace locus::cli {
namespace {

// A float32 table of 5,000 positions differs from one in double by 4.5e-4.
constexpr double tolerance = 1e-3;
constexpr int64_t enough_rows = 64;
constexpr size_t large_family = 8;

// Every combination of the alternatives that the user did not choose himself.
std::vector<SchemeChoice> variants_of(const SchemeChoice& chosen) {
  std::vector<SchemeChoice> variants{chosen};
  for (const auto& [scheme, parameter, values] : alternatives()) {
    if (scheme != chosen.name || chosen.parameters.contains(parameter)) continue;
    std::vector<SchemeChoice> more;
    for (const auto& variant : variants) {
      for (const auto& value : values) {
        more.push_back(variant);
        more.back().parameters.set(parameter, value);
      }
    }
    variants = std::move(more);
  }
  return variants;
}

// A bias by distance as one by query and key. [H, T, T]
Tensor by_query_and_key(const Tensor& bias, int64_t length) {
  Tensor result({bias.shape()[0], length, length});
  const auto view = result.view();
  for (int64_t head = 0; head < bias.shape()[0]; ++head) {
    for (int64_t i = 0; i < length; ++i) {
      for (int64_t j = 0; j < length; ++j) {
        view(head, i, j) = bias.view()(head, length - 1 + j - i);
      }
    }
  }
  return result;
}

// The variant's table in the shape of the given one; empty where it has none.
Tensor table_of(const SchemeChoice& variant, const Shape& shape) {
  const auto text = to_string(std::span(&variant, 1));
  if (shape.size() == 3 && shape[1] == shape[2]) {
    const auto bias = bias_of(subject_of_scheme(text, {shape[1], 2, shape[0], 2}));
    return bias.empty() ? Tensor() : by_query_and_key(bias, shape[1]);
  }
  if (shape.size() != 2) return {};
  auto bias = bias_of(subject_of_scheme(text, {(shape[1] + 1) / 2, 2, shape[0], 2}));
  if (bias.shape() == shape) return bias;
  return rows_of(subject_of_scheme(text, {shape[0], shape[1], 1, shape[1]}));
}

PositionMatch compare(const Tensor& table, const Tensor& expected, std::string variant) {
  PositionMatch match{std::move(variant), true, 0, {}, 0, 0};
  for (int64_t i = 0; i < table.count(); ++i) {
    const auto place = static_cast<size_t>(i);
    const double difference = std::abs(double{table.values()[place]} - expected.values()[place]);
    match.largest_difference = std::max(match.largest_difference, difference);
    const bool same = difference <= tolerance;
    if (same || !match.equal) continue;
    match.equal = false;
    match.expected = expected.values()[place];
    match.found = table.values()[place];
    match.cell.resize(table.shape().size());
    for (auto rest = i, axis = static_cast<int64_t>(table.shape().size()) - 1; axis >= 0; --axis) {
      const auto size = table.shape()[static_cast<size_t>(axis)];
      match.cell[static_cast<size_t>(axis)] = rest % size;
      rest /= size;
    }
  }
  return match;
}

// The nearer of two is the one that agrees further, then the one that differs less.
bool nearer(const PositionMatch& a, const PositionMatch& b) {
  if (a.equal != b.equal) return a.equal;
  if (a.cell != b.cell) return a.cell > b.cell;
  return a.largest_difference < b.largest_difference;
}

// The first rows, which tell the members of a large family apart.
Tensor head_of(const Tensor& table) {
  const auto rows = std::min(table.shape()[0], enough_rows);
  const auto values =
      table.values().first(static_cast<size_t>(table.count() / table.shape()[0] * rows));
  auto shape = table.shape();
  shape[0] = rows;
  return Tensor(std::move(shape), values);
}

std::optional<PositionMatch> try_variant(const Tensor& table, const SchemeChoice& variant) {
  try {
    const auto expected = table_of(variant, table.shape());
    if (expected.shape() != table.shape()) return std::nullopt;
    return compare(table, expected, to_string(std::span(&variant, 1)));
  } catch (const Error&) {  // a combination that does not exist, as an odd width
    return std::nullopt;
  }
}

std::optional<PositionMatch> nearest(const Tensor& table,
                                     const std::vector<SchemeChoice>& variants) {
  const bool screened = variants.size() > large_family && table.shape()[0] > enough_rows;
  const auto compared = screened ? head_of(table) : table.clone();
  std::optional<PositionMatch> best;
  const SchemeChoice* choice = nullptr;
  for (const auto& variant : variants) {
    auto match = try_variant(compared, variant);
    if (!match || (best && !nearer(*match, *best))) continue;
    best = std::move(match);
    choice = &variant;
  }
  return screened && choice ? try_variant(table, *choice) : best;
}

}  // namespace

PositionMatch check_table(const Tensor& table, const std::string& encoding) {
  const auto chain = parse_encoding(encoding);
  if (chain.size() != 1) throw Error("--check", "one scheme", encoding);
  const auto best = nearest(table, variants_of(chain.front()));
  if (best) return *best;
  throw Error("--check", "a table that '" + encoding + "' has, [T, D], [H, 2 T - 1] or [H, T, T]",
              to_string(table.shape()));
}

Json to_json(const PositionMatch& match) {
  Json document{{"equal", match.equal},
                {"variant", match.variant},
                {"largest_difference", match.largest_difference}};
  if (match.equal) return document;
  document["first_difference"] = {
      {"cell", match.cell}, {"expected", match.expected}, {"found", match.found}};
  return document;
}

std::string to_text(const PositionMatch& match) {
  if (match.equal) {
    return "The table is " + bold(match.variant) + " (largest difference " +
           significant(match.largest_difference, 2) + ").\n";
  }
  return "The table is none of the known variants. The nearest is " + bold(match.variant) +
         ".\nThe first cell that differs is " + to_string(match.cell) + ": expected " +
         significant(match.expected, 7) + ", found " + significant(match.found, 7) + ".\n";
}

}  // namespace locus::cli
