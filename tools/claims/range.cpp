// May absolute encodings have trouble beyond their range, and can relative ones handle it?
#include "tools/claims/bench.hpp"
#include "tools/claims/measures.hpp"

namespace locus::cli::claims {
namespace {

enum RangeLabel : size_t { refused_length, longer_window };

struct RangeCandidate {
  std::string name;
  bool relative;
};

const std::vector<RangeCandidate> range_candidates{{"causal-learned", false},
                                                   {"causal-sinusoidal", false},
                                                   {"causal-rope", true},
                                                   {"causal-t5", true},
                                                   {"causal-alibi", true}};

/// The claim says "may have trouble", so a model without trouble does not refute it.
Support may_be_worse(const Comparison& comparison) {
  return supports_worse(comparison) == Support::confirms ? Support::confirms : Support::open;
}

}  // namespace

Findings measure_range(Bench& bench) {
  Findings findings;
  std::vector<std::vector<Unit>> longer_units, trained_units;
  std::vector<RangeCandidate> compared;
  for (const RangeCandidate& candidate : range_candidates) {
    const auto reader = bench.reader(candidate.name);
    const int64_t max = reader->model->graph()->max_length();
    if (max < long_length) {
      const Support support = candidate.relative ? Support::contradicts : Support::confirms;
      findings.figures.push_back(
          {refused_length, candidate.name, static_cast<double>(max), support});
      continue;
    }
    auto swept = bench.sweep(*reader, {trained_length, long_length});
    if (swept.empty()) return {{}, long_length, {}};
    trained_units.push_back(std::move(swept[trained_length].units));
    longer_units.push_back(std::move(swept[long_length].units));
    compared.push_back(candidate);
  }
  const auto comparisons = bench.compare_pairs(longer_units, trained_units);
  for (size_t i = 0; i < compared.size(); ++i) {
    const Comparison& c = comparisons[i];
    findings.figures.push_back({longer_window, compared[i].name, c.difference,
                                compared[i].relative ? supports_no_worse(c) : may_be_worse(c), c});
  }
  return findings;
}

}  // namespace locus::cli::claims
