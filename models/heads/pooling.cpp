#include "models/heads/pooling.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.hpp"

namespace locus {
namespace {

constexpr std::array<std::pair<std::string_view, Pooling>, 7> names{{
    {"mean", Pooling::mean},
    {"cls", Pooling::cls},
    {"max", Pooling::max},
    {"mean_sqrt_len_tokens", Pooling::mean_sqrt_length},
    {"weightedmean", Pooling::weighted_mean},
    {"lasttoken", Pooling::last_token},
    {"none", Pooling::none},
}};

/// The sum of rows, each times `weight(its index)`, and the sum of weights.
template <typename Weight>
std::pair<std::vector<double>, double> weighted_sum(ConstView rows, int64_t first,
                                                    const Weight& weight) {
  std::vector<double> sums(static_cast<size_t>(rows.size(1)));
  double total = 0;
  for (int64_t row = first; row < rows.size(0); ++row) {
    const double factor = weight(row);
    total += factor;
    for (size_t i = 0; i < sums.size(); ++i) sums[i] += factor * rows.row(row)[i];
  }
  return {std::move(sums), total};
}

// A text of nothing but its prompt has no sum, and its mean is zero.
std::vector<float> divided(const std::vector<double>& sums, double divisor) {
  std::vector<float> values;
  for (const double sum : sums) {
    values.push_back(static_cast<float>(divisor == 0 ? 0 : sum / divisor));
  }
  return values;
}

std::vector<float> mean_of(ConstView rows, int64_t first, bool square_root) {
  const auto [sums, count] = weighted_sum(rows, first, [](int64_t) { return 1.0; });
  return divided(sums, square_root ? std::sqrt(count) : count);
}

std::vector<float> weighted_mean_of(ConstView rows, int64_t first) {
  const auto [sums, total] =
      weighted_sum(rows, first, [](int64_t row) { return static_cast<double>(row + 1); });
  return divided(sums, total);
}

std::vector<float> row_of(ConstView rows, int64_t row) {
  return {rows.row(row).begin(), rows.row(row).end()};
}

std::vector<float> max_of(ConstView rows, int64_t first) {
  if (first >= rows.size(0)) throw Error("max pooling", "a token beside the prompt's", "none");
  std::vector<float> largest = row_of(rows, first);
  for (int64_t row = first + 1; row < rows.size(0); ++row) {
    for (size_t i = 0; i < largest.size(); ++i) {
      largest[i] = std::max(largest[i], rows.row(row)[i]);
    }
  }
  return largest;
}

std::vector<float> all_of(ConstView rows) {
  std::vector<float> values;
  for (int64_t row = 0; row < rows.size(0); ++row) {
    values.insert(values.end(), rows.row(row).begin(), rows.row(row).end());
  }
  return values;
}

std::vector<float> zeroes(ConstView rows) {
  return std::vector<float>(static_cast<size_t>(rows.size(1)));
}

}  // namespace

Pooling parse_pooling(std::string_view name) {
  for (const auto& [known, pooling] : names) {
    if (known == name) return pooling;
  }
  throw Error("pooling", "mean, cls, max, mean_sqrt_len_tokens, weightedmean, lasttoken or none",
              "'" + std::string(name) + "'");
}

std::string to_string(Pooling pooling) {
  return std::string(
      std::ranges::find(names, pooling, [](const auto& row) { return row.second; })->first);
}

std::vector<float> heads::pooled(ConstView rows, Pooling pooling, int64_t skipped) {
  const bool nothing_left = skipped >= rows.size(0);
  switch (pooling) {
    case Pooling::mean:
      return mean_of(rows, skipped, false);
    case Pooling::mean_sqrt_length:
      return mean_of(rows, skipped, true);
    case Pooling::weighted_mean:
      return weighted_mean_of(rows, skipped);
    case Pooling::cls:
      return row_of(rows, nothing_left ? 0 : skipped);
    case Pooling::last_token:
      return nothing_left ? zeroes(rows) : row_of(rows, rows.size(0) - 1);
    case Pooling::max:
      return max_of(rows, skipped);
    case Pooling::none:
      return all_of(rows);
  }
  throw Error("pooling", "a known one", std::to_string(static_cast<int>(pooling)));
}

}  // namespace locus
