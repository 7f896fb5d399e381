#include <algorithm>
#include <cmath>

#include "engine/position_probe.hpp"
#include "pipelines/comparison.hpp"

namespace locus {
namespace {

constexpr int64_t positions = 64;

bool any(const Tensor& tensor) {
  return std::ranges::any_of(tensor.values(), [](float value) { return value != 0; });
}

bool rotates(const Tensor& decay) {
  return std::ranges::any_of(decay.values(),
                             [](float value) { return std::abs(value - 1) > 1e-6; });
}

/// What a causal model sees of a picture by distance: the columns up to 0.
Tensor seen_half(const Tensor& all, int64_t columns) {
  Tensor half({all.shape()[0], columns});
  for (int64_t row = 0; row < half.shape()[0]; ++row) {
    for (int64_t column = 0; column < columns; ++column) {
      half.view()(row, column) = all.view()(row, column);
    }
  }
  return half;
}

EncodingPicture by_distance(EncodingPicture::Kind kind, Tensor values, const GraphSpec& spec,
                            int64_t length) {
  const bool causal = spec.task == "causal-lm";
  return {kind, causal ? seen_half(values, length) : std::move(values), 1 - length};
}

Probe probe_of(const GraphSpec& spec) {
  const auto attention = std::ranges::find(spec.nodes, "attention", &NodeSpec::kind);
  Probe probe{positions, spec.width, 1, spec.width};
  if (attention != spec.nodes.end()) {
    probe.heads = attention->attributes.integer(attention->name, "heads", 1);
    probe.head_size = attention->attributes.integer(attention->name, "head_size", spec.width);
  }
  return probe;
}

}  // namespace

EncodingPicture draw_encoding(const Graph& graph) {
  using Kind = EncodingPicture::Kind;
  if (graph.spec().encodings.empty()) return {};
  const auto encoding = graph.encoding(graph.spec().encodings.begin()->first);
  Probe probe = probe_of(graph.spec());
  probe.length = std::min(probe.length, encoding->max_length());
  if (Tensor rows = added_rows(*encoding, probe); any(rows))
    return {Kind::added_rows, std::move(rows), 0};
  if (Tensor bias = score_bias(*encoding, probe); any(bias)) {
    return by_distance(Kind::bias, std::move(bias), graph.spec(), probe.length);
  }
  if (rotates(rotation_decay(*encoding, probe)))
    return {Kind::rotation, rotated_rows(*encoding, probe), 0};
  if (Tensor response = score_response(*encoding, probe); any(response)) {
    return by_distance(Kind::response, std::move(response), graph.spec(), probe.length);
  }
  return {};
}

}  // namespace locus
