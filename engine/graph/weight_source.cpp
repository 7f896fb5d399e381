#include "engine/graph/weight_source.hpp"

#include <algorithm>

#include "base/error.hpp"
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
  Tensor tensor = resolve(reference, weights_, check_);
  check_shape(reference.name, tensor.shape(), expected);
  check();
  note(reference);
  release(reference, weights_);
  return tensor;
}

int64_t graph::WeightSource::parameters() const {
  int64_t total = 0;
  for (const std::string& name : used_) total += element_count(weights_.at(name).shape);
  return total;
}

}  // namespace locus
