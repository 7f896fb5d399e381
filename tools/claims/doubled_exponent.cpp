// The exponent that an article's code doubles: what becomes of the table, and of a model.
#include <algorithm>

#include "tools/claims/bench.hpp"
#include "tools/claims/measures.hpp"
#include "tools/claims/sinusoid_rows.hpp"
#include "tools/cli/verbs/compare/places.hpp"

namespace locus::cli::claims {
namespace {

enum DoubledLabel : size_t { doubled_loss, still_pairs, still_pairs_doubled };

constexpr int64_t code_width = 512;  // as in the article's example

/// Pairs that turn by less than a thousandth over a window: they say nothing of the position.
double still(const std::string& scheme, int64_t width) {
  return static_cast<double>(std::ranges::count_if(
      angles_of_scheme(scheme, width),
      [](double angle) { return angle * static_cast<double>(trained_length) < 1e-3; }));
}

/// What the doubled exponent costs, where both models are there and were trained alike.
void add_loss(Findings& findings, Bench& bench) {
  const std::vector<std::string> names{"causal-sinusoidal", "causal-sinusoidal-doubled"};
  if (!std::ranges::all_of(names, [](const auto& name) { return shipped_model(name).has_value(); }))
    return;
  const Recipes recipes = bench.recipes_of(names);
  if (!recipes.unknown.empty() || !recipes.fields.empty()) return;
  const auto right = bench.whole(*bench.reader(names[0])).units;
  const auto doubled = bench.whole(*bench.reader(names[1])).units;
  const auto c = bench.compare_pairs({doubled}, {right}).front();
  findings.figures.push_back({doubled_loss, "", c.difference, Support::none, c});
}

}  // namespace

Findings measure_doubled_exponent(Bench& bench) {
  const std::string pairs = std::to_string(code_width / 2);
  const double right = still("sinusoidal", code_width);
  const double doubled = still("sinusoidal:exponent=doubled", code_width);
  Findings findings;
  findings.figures = {{still_pairs, pairs, right},
                      {still_pairs_doubled, pairs, doubled,
                       doubled > right ? Support::confirms : Support::contradicts}};
  add_loss(findings, bench);
  return findings;
}

}  // namespace locus::cli::claims
