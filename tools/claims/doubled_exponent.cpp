// Is the doubled exponent harmless?
#include <algorithm>

#include "tools/claims/bench.hpp"
#include "tools/claims/measures.hpp"
#include "tools/claims/sinusoid_rows.hpp"

namespace locus::cli::claims {
namespace {

enum DoubledLabel : size_t { doubled_loss, still_pairs, still_pairs_doubled };

/// Pairs that turn by less than a thousandth over a window: they say nothing of the position.
double still(const std::string& scheme, int64_t width) {
  return static_cast<double>(std::ranges::count_if(
      angles_of_scheme(scheme, width),
      [](double angle) { return angle * static_cast<double>(trained_length) < 1e-3; }));
}

}  // namespace

Findings measure_doubled_exponent(Bench& bench) {
  const auto right = bench.reader("causal-sinusoidal");
  const auto doubled = bench.reader("causal-sinusoidal-doubled");
  const auto c =
      bench.compare_pairs({bench.whole(*doubled).units}, {bench.whole(*right).units}).front();
  const int64_t width = right->model->spec().width;
  const std::string pairs = std::to_string(width / 2);
  return {{{doubled_loss, "", c.difference, supports_no_worse(c), c},
           {still_pairs, pairs, still("sinusoidal", width)},
           {still_pairs_doubled, pairs, still("sinusoidal:exponent=doubled", width)}},
          0,
          {}};
}

}  // namespace locus::cli::claims
