#include "engine/graph/weight_source.hpp"

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "engine/ops/ops.hpp"
#include "engine/weights.hpp"

namespace locus {
namespace {

// Gives back the memory of the bytes that all parts of a tensor were read from.
void release(const WeightRef& reference, const Weights& weights) {
  weights.release(reference.name);
  for (const WeightStep& step : reference.steps) {
    for (const WeightRef& other : step.others) release(other, weights);
  }
}

}  // namespace

void check_shape(const std::string& who, const Shape& shape, const Shape& expected) {
  const bool same = std::equal(shape.begin(), shape.end(), expected.begin(), expected.end(),
                               [](int64_t a, int64_t b) { return b < 0 || a == b; });
  if (!same) throw Error(who, to_string(expected), to_string(shape));
}

Shape graph::WeightSource::shape_of(const WeightRef& reference) const {
  return resolved_shape(reference, weights_);
}

void graph::WeightSource::note(const WeightRef& reference) {
  used_.insert(reference.name);
  for (const WeightStep& step : reference.steps) {
    for (const WeightRef& other : step.others) note(other);
  }
}

Tensor graph::WeightSource::take(const WeightRef& reference, const Shape& expected) {
  check();
  Tensor tensor = resolve(reference, weights_);
  check();
  check_shape(reference.name, tensor.shape(), expected);
  note(reference);
  release(reference, weights_);
  return tensor;
}

ops::WeightRows graph::WeightSource::rows(const WeightRef& reference, const Shape& expected,
                                          float factor) {
  if (!reference.steps.empty() || !weights_.at(reference.name).strides.empty()) {
    Tensor tensor = take(reference, expected);
    if (factor != 1) ops::scale(tensor.view(), factor);
    return ops::WeightRows(std::move(tensor));
  }
  check();
  const StoredTensor& stored = weights_.at(reference.name);
  check_shape(reference.name, stored.shape, expected);
  weights_.verify(reference.name);
  note(reference);
  const std::shared_ptr<void> end(nullptr,
                                  [this, name = reference.name](void*) { weights_.release(name); });
  const auto read = [this, end, name = reference.name, factor](int64_t first, View to) {
    check();
    const std::span<float> values(to.data, static_cast<size_t>(to.count()));
    weights_.read_f32(name, static_cast<size_t>(first * to.size(1)), values);
    if (factor != 1) ops::scale(to, factor);
  };
  return {stored.shape[0], stored.shape[1], read};
}

int64_t graph::WeightSource::parameters() const {
  int64_t total = 0;
  for (const std::string& name : used_) total += element_count(weights_.at(name).shape);
  return total;
}

}  // namespace locus
