// Must token vectors and positions be of like size?
#include <algorithm>
#include <cmath>

#include "engine/position_probe.hpp"
#include "tools/claims/bench.hpp"
#include "tools/claims/measures.hpp"
#include "tools/cli/verbs/position/measure.hpp"

namespace locus::cli::claims {
namespace {

enum ScaleLabel : size_t { smaller_table, larger_table, ratio_of_lengths };

constexpr double changed_by = 10;
constexpr double alike = 3;  // sizes within this factor

const std::vector<std::string> adding_models{"causal-sinusoidal", "causal-learned"};

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Lengths of the vectors that are added at the positions of a window.
std::vector<double> lengths_of_positions(const Graph& graph) {
  const Tensor rows =
      added_rows(*first_encoding(graph), {trained_length, graph.spec().width, 1, 1});
  std::vector<double> lengths;
  for (int64_t row = 0; row < trained_length; ++row) {
    double sum = 0;
    for (const float value : rows.view().row(row)) sum += double{value} * value;
    lengths.push_back(std::sqrt(sum));
  }
  return lengths;
}

/// What token vectors are multiplied by before positions are added.
double factor_of_tokens(const Graph& graph) {
  Tensor rows({1, graph.spec().width});
  rows.values()[0] = 1;
  Scratch scratch;
  const Positions origin{0, 1, {}, 1};
  first_encoding(graph)->embed(rows.view(), {origin, origin, 0, 1, 1, scratch});
  const Tensor added = added_rows(*first_encoding(graph), {1, graph.spec().width, 1, 1});
  return double{rows.values()[0]} - added.values()[0];
}

/// Length of position vectors over that of token vectors as they are added, both medians.
double ratio_of_vectors(const Bench& bench, const Reader& reader) {
  std::vector<EncodedText> texts;
  for (const Document& document : bench.documents()) {
    texts.push_back(reader.tokenizer->encode(document.raw, {.max_length = trained_length}));
    texts.back().tokens.clear();
  }
  const auto added = measure_added(*reader.model, session_options(bench.settings().common), texts);
  if (added.empty()) return 0;
  const Graph& graph = *reader.model->graph();
  return median(lengths_of_positions(graph)) /
         (std::abs(factor_of_tokens(graph)) * median(added[0].token_norms));
}

}  // namespace

Findings measure_scales(Bench& bench) {
  const std::string name = "causal-sinusoidal";
  const auto trained = bench.whole(*bench.reader(name)).units;
  std::vector<std::vector<Unit>> scaled;
  for (const double by : {1 / changed_by, changed_by}) {
    const auto reader = bench.changed(name, change_of(EncodingChange::Kind::scale, by));
    scaled.push_back(bench.whole(*reader).units);
  }
  const auto comparisons = bench.compare_pairs(scaled, {trained, trained});
  Findings findings;
  for (const ScaleLabel label : {smaller_table, larger_table}) {
    const Comparison& c = comparisons[label];
    findings.figures.push_back({label, name, c.difference, supports_worse(c), c});
  }
  for (const std::string& each : adding_models) {
    const double found = ratio_of_vectors(bench, *bench.reader(each));
    const bool like = found > 1 / alike && found < alike;
    findings.figures.push_back(
        {ratio_of_lengths, each, found, like ? Support::confirms : Support::contradicts});
  }
  return findings;
}

}  // namespace locus::cli::claims
