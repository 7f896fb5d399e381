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

void graph::WeightSource::expect_room(const std::string& name, int64_t values, int64_t value_bytes,
                                      int64_t held) const {
  if (values <= (memory_ - held) / value_bytes) return;
  throw Error(name, "weights that " + std::to_string(memory_ >> 20) + " MiB of memory hold",
              std::to_string(values) + " values beside " + std::to_string(held >> 20) + " MiB");
}

void graph::WeightSource::expect_memory(const std::string& name, int64_t value_bytes) const {
  expect_room(name, element_count(weights_.at(name).shape), value_bytes, 0);
}

// Each is read whole, whatever the steps leave of it.
void graph::WeightSource::expect_parts(const WeightRef& reference) const {
  expect_memory(reference.name, sizeof(float));
  for (const WeightStep& step : reference.steps) {
    for (const WeightRef& other : step.others) expect_parts(other);
  }
}

void graph::WeightSource::hold(const std::string& name, const Shape& shape) {
  const int64_t values = element_count(shape), bytes = value_bytes(precision_);
  expect_room(name, values, bytes, held_);
  held_ += values * bytes;
}

Tensor graph::WeightSource::take(const WeightRef& reference, const Shape& expected) {
  check();
  const Shape shape = shape_of(reference);
  check_shape(reference.name, shape, expected);
  hold(reference.name, shape);
  expect_parts(reference);
  Tensor tensor = resolve(reference, weights_);
  check();
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
  hold(reference.name, stored.shape);
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
