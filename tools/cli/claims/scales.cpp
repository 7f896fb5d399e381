// Must token vectors and positions be of like size?
#include <algorithm>

#include "tools/cli/claims/bench.hpp"
#include "tools/cli/claims/measures.hpp"
#include "tools/cli/position_measure.hpp"

namespace locus::cli::claims {
namespace {

enum ScaleLabel : size_t { smaller_table, larger_table, ratio_of_lengths };

constexpr double alike_factor = 10;  // sizes within it are alike

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Length of what is added over that of the token vectors, both medians; 0 where nothing is added.
double ratio_of_norms(const Bench& bench, const Reader& reader) {
  std::vector<Encoding> texts;
  for (const Document& document : bench.documents()) {
    texts.push_back(reader.tokenizer->encode(document.raw, {.max_length = trained_length}));
    texts.back().tokens.clear();
  }
  const auto added = measure_added(*reader.model, session_options(bench.settings().common), texts);
  if (added.empty()) return 0;
  return median(added[0].position_norms) / median(added[0].token_norms);
}

}  // namespace

Findings measure_scales(Bench& bench) {
  const std::string name = "causal-sinusoidal";
  const auto trained = bench.whole(*bench.reader(name)).units;
  std::vector<std::vector<Unit>> scaled;
  for (const double by : {1 / alike_factor, alike_factor}) {
    const auto reader = bench.changed(name, change_of(EncodingChange::Kind::scale, by));
    scaled.push_back(bench.whole(*reader).units);
  }
  const auto comparisons = bench.compare_pairs(scaled, {trained, trained});
  Findings findings;
  for (const ScaleLabel label : {smaller_table, larger_table}) {
    const Comparison& c = comparisons[label];
    findings.figures.push_back({label, name, c.difference, supports_worse(c), c});
  }
  for (const std::string& each : {name, std::string("causal-learned")}) {
    const double found = ratio_of_norms(bench, *bench.reader(each));
    const bool alike = found > 1 / alike_factor && found < alike_factor;
    findings.figures.push_back(
        {ratio_of_lengths, each, found, alike ? Support::confirms : Support::contradicts});
  }
  return findings;
}

}  // namespace locus::cli::claims
