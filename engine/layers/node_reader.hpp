// What a layer is made from.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/graph/weight_source.hpp"
#include "engine/layers/layer.hpp"
#include "engine/ops/ops.hpp"

namespace locus::layers {

/// A node, its inputs' widths and its weights, read with checks that name the node.
class NodeReader {
 public:
  struct Surroundings {
    std::vector<int64_t> input_widths;
    std::shared_ptr<const PositionalEncoding> encoding;  // never null
    Precision precision = Precision::f32;
    int cache_index = 0;
    Team* team = nullptr;  // that reads and packs; null: the caller alone
  };
  NodeReader(const NodeSpec& node, graph::WeightSource& source, Surroundings surroundings)
      : node_(node), source_(source), surroundings_(std::move(surroundings)) {}

  const std::string& name() const { return node_.name; }
  const NodeSpec& node() const { return node_; }
  int64_t input_width(size_t index = 0) const { return surroundings_.input_widths.at(index); }
  size_t inputs() const { return surroundings_.input_widths.size(); }
  std::shared_ptr<const PositionalEncoding> encoding() const { return surroundings_.encoding; }
  Precision precision() const { return surroundings_.precision; }
  int cache_index() const { return surroundings_.cache_index; }
  Team* team() const { return surroundings_.team; }
  graph::WeightSource& source() const { return source_; }

  int64_t integer(std::string_view attribute, int64_t fallback) const;
  double number(std::string_view attribute, double fallback) const;
  std::string text(std::string_view attribute, std::string_view fallback) const;
  /// An integer that the node must have, of at least 1.
  int64_t positive(std::string_view attribute) const;

  bool has(std::string_view weight) const;
  const WeightRef& reference(std::string_view weight) const;
  Tensor take(std::string_view weight, const Shape& expected) const;
  /// An empty tensor where the node has no such weight.
  Tensor take_optional(std::string_view weight, const Shape& expected) const;
  /// The rows of a matrix for `pack`, times a factor.
  ops::WeightRows rows(std::string_view weight, const Shape& expected, float factor = 1) const;
  /// Packs the rows of several linear maps as one, [sum of N, K]; absent biases count as 0.
  std::unique_ptr<ops::PackedLinear> pack(std::vector<ops::WeightRows> weights,
                                          std::span<const Tensor* const> biases,
                                          Activation activation = Activation::identity) const;

 private:
  const NodeSpec& node_;
  graph::WeightSource& source_;
  Surroundings surroundings_;
};

}  // namespace locus::layers
