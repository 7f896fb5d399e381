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

ops::WeightRows NodeReader::rows(std::string_view weight, const Shape& expected,
                                 float factor) const {
  return source_.rows(reference(weight), expected, factor);
}

std::unique_ptr<ops::PackedLinear> NodeReader::pack(std::vector<ops::WeightRows> weights,
                                                    std::span<const Tensor* const> biases,
                                                    Activation activation) const {
  const bool biased = std::any_of(biases.begin(), biases.end(),
                                  [](const Tensor* bias) { return bias && !bias->empty(); });
  std::vector<float> bias;  // [N]
  for (size_t part = 0; biased && part < weights.size(); ++part) {
    const auto begin = bias.size();
    bias.resize(begin + static_cast<size_t>(weights[part].outputs()));
    std::ranges::copy(biases[part]->values(), bias.begin() + static_cast<long>(begin));
  }
  return ops::pack_linear({ops::WeightRows::joined(std::move(weights)), bias, activation,
                           surroundings_.precision, surroundings_.team});
}

}  // namespace locus::layers
