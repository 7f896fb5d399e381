#include "engine/layers/node_reader.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace locus::layers {

int64_t NodeReader::integer(std::string_view attribute, int64_t fallback) const {
  return node_.attributes.integer(node_.name, attribute, fallback);
}

double NodeReader::number(std::string_view attribute, double fallback) const {
  return node_.attributes.number(node_.name, attribute, fallback);
}

std::string NodeReader::text(std::string_view attribute, std::string_view fallback) const {
  return node_.attributes.text(node_.name, attribute, fallback);
}

int64_t NodeReader::positive(std::string_view attribute) const {
  const int64_t value = node_.attributes.integer(node_.name, attribute);
  if (value < 1) {
    throw Error(node_.name, "'" + std::string(attribute) + "' of at least 1",
                std::to_string(value));
  }
  return value;
}

bool NodeReader::has(std::string_view weight) const {
  return node_.weights.count(std::string(weight)) > 0;
}

const WeightRef& NodeReader::reference(std::string_view weight) const {
  const auto found = node_.weights.find(std::string(weight));
  if (found == node_.weights.end()) {
    throw Error(node_.name, "a weight '" + std::string(weight) + "'", "none");
  }
  return found->second;
}

Tensor NodeReader::take(std::string_view weight, const Shape& expected) const {
  return source_.take(reference(weight), expected);
}

Tensor NodeReader::take_optional(std::string_view weight, const Shape& expected) const {
  return has(weight) ? take(weight, expected) : Tensor();
}

std::unique_ptr<ops::PackedLinear> NodeReader::pack(std::span<const Tensor* const> weights,
                                                    std::span<const Tensor* const> biases,
                                                    Activation activation) const {
  const bool biased = std::any_of(biases.begin(), biases.end(),
                                  [](const Tensor* bias) { return bias && !bias->empty(); });
  if (weights.size() == 1) {
    return ops::pack_linear({weights[0]->view(),
                             biased ? biases[0]->values() : std::span<const float>{}, activation,
                             surroundings_.precision});
  }
  int64_t outputs = 0;
  for (const Tensor* weight : weights) outputs += weight->shape()[0];
  Tensor joined(Shape{outputs, weights[0]->shape()[1]});  // [N, K]
  Tensor bias(Shape{biased ? outputs : 0});               // [N]
  int64_t row = 0;
  for (size_t part = 0; part < weights.size(); ++part) {
    std::ranges::copy(weights[part]->values(), joined.view().row(row).data());
    if (biased) std::ranges::copy(biases[part]->values(), bias.data() + row);
    row += weights[part]->shape()[0];
  }
  return ops::pack_linear({joined.view(), bias.values(), activation, surroundings_.precision});
}

}  // namespace locus::layers
