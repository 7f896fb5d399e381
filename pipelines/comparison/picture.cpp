#include <algorithm>
#include <cmath>

#include "engine/position_probe.hpp"
#include "pipelines/comparison.hpp"
#include "pipelines/encoding_view.hpp"

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

EncodingPicture by_distance(EncodingPicture::Kind kind, Tensor values, bool causal,
                            int64_t length) {
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

EncodingPicture draw(const std::shared_ptr<const PositionalEncoding>& shared, const GraphSpec& spec,
                     bool causal) {
  using Kind = EncodingPicture::Kind;
  const PositionalEncoding& encoding = *shared;
  Probe probe = probe_of(spec);
  probe.length = std::min(probe.length, encoding.max_length());
  if (Tensor rows = added_rows(encoding, probe); any(rows))
    return {Kind::added_rows, std::move(rows), 0};
  if (Tensor bias = score_bias(encoding, probe); any(bias)) {
    return by_distance(Kind::bias, std::move(bias), causal, probe.length);
  }
  if (rotates(rotation_decay(encoding, probe))) {
    return {Kind::rotation, rows_of({{}, {}, shared, probe}), 0};
  }
  if (Tensor response = score_response(encoding, probe); any(response)) {
    return by_distance(Kind::response, std::move(response), causal, probe.length);
  }
  return {};
}

/// Of the nodes whose names begin so, the first encoding in which there is something to see.
EncodingPicture draw_first(const Graph& graph, const std::string& prefix, bool causal) {
  const GraphSpec& spec = graph.spec();
  for (const NodeSpec& node : spec.nodes) {  // in order of computation
    if (node.encoding.empty() || !node.name.starts_with(prefix)) continue;
    EncodingPicture picture = draw(graph.encoding(node.encoding), spec, causal);
    if (picture.kind == EncodingPicture::Kind::nothing) continue;
    picture.encoding = to_string(spec.encodings.at(node.encoding).chain);
    return picture;
  }
  return {};
}

}  // namespace

std::vector<EncodingPicture> draw_encodings(const Graph& graph) {
  using Kind = EncodingPicture::Kind;
  std::vector<EncodingPicture> pictures;
  if (graph.spec().task == "sequence-to-sequence") {
    for (const std::string stack : {"encoder", "decoder"}) {
      EncodingPicture picture = draw_first(graph, stack + ".", stack == "decoder");
      picture.stack = stack;
      if (picture.kind != Kind::nothing) pictures.push_back(std::move(picture));
    }
  }
  if (pictures.empty()) {
    pictures.push_back(draw_first(graph, "", graph.spec().task == "causal-lm"));
  }
  return pictures;
}

}  // namespace locus
