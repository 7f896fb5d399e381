// Do sinusoids extend to longer sequences, in theory?
#include <cmath>

#include "tools/claims/bench.hpp"
#include "tools/claims/measures.hpp"

namespace locus::cli::claims {
namespace {

enum ExtensionLabel : size_t { far_row, far_loss };

constexpr int64_t far_position = 1'000'000;

/// Length of the vector that is added at a position.
double norm_at(const Graph& graph, int64_t position) {
  const auto encoding = first_encoding(graph);
  Tensor row({1, graph.spec().width});
  Scratch scratch;
  const Positions one{position, 1, {}, 1};
  encoding->embed(row.view(), {one, one, 0, position + 1, 1, scratch});
  double sum = 0;
  for (const float value : row.values()) sum += double{value} * value;
  return std::sqrt(sum);
}

}  // namespace

Findings measure_extension(Bench& bench) {
  const std::string name = "causal-sinusoidal";
  const auto reader = bench.reader(name);
  auto swept = bench.sweep(*reader, {trained_length, long_length});
  if (swept.empty()) return {{}, long_length, {}};
  const Graph& graph = *reader->model->graph();
  const double ratio = norm_at(graph, far_position) / norm_at(graph, 0);
  const auto c =
      bench.compare_pairs({swept[long_length].units}, {swept[trained_length].units}).front();
  return {{{far_row, name, ratio,
            std::abs(ratio - 1) < 1e-4 ? Support::confirms : Support::contradicts},
           {far_loss, name, c.difference, Support::none, c}},
          0,
          {}};
}

}  // namespace locus::cli::claims
