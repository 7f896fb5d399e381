// Can an absolute encoding capture relative positions directly?
#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "tools/claims/measures.hpp"
#include "tools/claims/sinusoid_rows.hpp"
#include "tools/cli/terminal/interruption.hpp"

namespace locus::cli::claims {
namespace {

enum MapLabel : size_t { map_error, map_product_spread, score_spread };

constexpr int64_t map_positions = 4096, map_distances = 512, map_step = 7;

/// What measuring a distance k at every position comes to.
struct Deviation {
  double map = 0;      ///< of PE(p + k) from M_k PE(p), largest of all dimensions
  double product = 0;  ///< of PE(p) PE(p + k) from PE(0) PE(k)
  double score = 0;    ///< likewise, of (x + PE(p)) (y + PE(p + k))
};

/// A vector of chance, as long as a position's.
std::vector<float> token_vector(size_t width, uint64_t seed) {
  Random random(seed);
  std::vector<float> vector(width);
  for (float& value : vector) value = random.below(2) == 0 ? -std::sqrt(0.5F) : std::sqrt(0.5F);
  return vector;
}

/// M_k, whose blocks are [[cos kw, sin kw], [-sin kw, cos kw]], from the rows of position k alone:
/// they hold sin kw and cos kw.
double error_of_map(std::span<const float> map, std::span<const float> from,
                    std::span<const float> to) {
  double largest = 0;
  for (size_t i = 0; i < map.size(); i += 2) {
    const double sine = map[i], cosine = map[i + 1];
    largest = std::max({largest, std::abs(cosine * from[i] + sine * from[i + 1] - to[i]),
                        std::abs(-sine * from[i] + cosine * from[i + 1] - to[i + 1])});
  }
  return largest;
}

double inner_product(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
  return sum;
}

std::vector<float> sum_of(std::span<const float> a, std::span<const float> b) {
  std::vector<float> sum(a.begin(), a.end());
  for (size_t i = 0; i < sum.size(); ++i) sum[i] += b[i];
  return sum;
}

/// Whether two tokens' score depends on more than their distance.
double spread_of_score(ConstView row, int64_t k) {
  const auto width = static_cast<size_t>(row.size(1));
  const auto x = token_vector(width, 1), y = token_vector(width, 2);
  const auto score = [&](int64_t p) {
    return inner_product(sum_of(x, row.row(p)), sum_of(y, row.row(p + k)));
  };
  double largest = 0;
  for (int64_t p = 0; p < map_positions; p += map_step) {
    largest = std::max(largest, std::abs(score(p) - score(0)));
  }
  return largest;
}

Deviation deviation() {
  const Tensor rows = rows_of_scheme("sinusoidal", 0, map_positions + map_distances);
  const ConstView row = rows.view();
  Deviation largest;
  for (int64_t k = 1; k <= map_distances; ++k) {
    check_interruption();
    const double expected = inner_product(row.row(0), row.row(k));
    for (int64_t p = 0; p < map_positions; p += map_step) {
      largest.map = std::max(largest.map, error_of_map(row.row(k), row.row(p), row.row(p + k)));
      largest.product =
          std::max(largest.product, std::abs(inner_product(row.row(p), row.row(p + k)) - expected));
    }
  }
  largest.score = spread_of_score(row, 1);
  return largest;
}

}  // namespace

Findings measure_relative_position(Bench&) {
  const Deviation found = deviation();
  const bool moves = found.score > 1e-3;
  return {{{map_error, "", found.map},
           {map_product_spread, "", found.product},
           {score_spread, "", found.score, moves ? Support::confirms : Support::contradicts}},
          0,
          {}};
}

}  // namespace locus::cli::claims
