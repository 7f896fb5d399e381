// The shape that a weight's steps lead to: all the checks, no values.
#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "engine/graph/weight_steps.hpp"

namespace locus {
namespace {

constexpr int64_t max_joined = int64_t{1} << 31;

Shape reshaped(const std::string& who, const Shape& shape, const WeightStep& step) {
  Shape sizes = step.sizes;
  if (sizes.size() > max_stored_rank) throw Error(who, "a rank of at most 8", to_string(sizes));
  if (std::any_of(sizes.begin(), sizes.end(), [](int64_t size) { return size < -1; })) {
    throw Error(who, "sizes of zero or more, or one of -1", to_string(sizes));
  }
  if (const auto open = std::find(sizes.begin(), sizes.end(), -1); open != sizes.end()) {
    *open = 1;
    if (std::any_of(sizes.begin(), sizes.end(), [](int64_t size) { return size <= 0; })) {
      throw Error(who, "one size of -1 among positive ones", to_string(step.sizes));
    }
    *open = element_count(shape) / element_count(sizes);
  }
  if (element_count(sizes) == element_count(shape)) return sizes;
  throw Error(who, "a shape that reshapes to " + to_string(step.sizes), to_string(shape));
}

Shape permuted(const std::string& who, const Shape& shape, const WeightStep& step) {
  Shape axes(shape.size());
  std::iota(axes.begin(), axes.end(), 0);
  if (!std::is_permutation(axes.begin(), axes.end(), step.sizes.begin(), step.sizes.end())) {
    throw Error(who, "a shape whose axes are " + to_string(step.sizes) + " in some order",
                to_string(shape));
  }
  Shape sizes;
  for (int64_t axis : step.sizes) sizes.push_back(shape[static_cast<size_t>(axis)]);
  return sizes;
}

Shape sliced(const std::string& who, const Shape& shape, const WeightStep& step) {
  if (step.sizes.size() != 3) throw Error(who, "slice [axis, begin, end]", to_string(step.sizes));
  const int64_t axis = step.sizes[0], begin = step.sizes[1], end = step.sizes[2];
  const bool known = axis >= 0 && axis < static_cast<int64_t>(shape.size());
  if (!known || begin < 0 || begin > end || end > shape[static_cast<size_t>(axis)]) {
    throw Error(who,
                "a shape that has [" + std::to_string(begin) + ", " + std::to_string(end) +
                    ") on axis " + std::to_string(axis),
                to_string(shape));
  }
  Shape sizes = shape;
  sizes[static_cast<size_t>(axis)] = end - begin;
  return sizes;
}

Shape concatenated(const Shape& shape, const WeightStep& step, const std::string& who,
                   const Weights& weights) {
  if (step.axis < 0 || step.axis >= static_cast<int64_t>(shape.size())) {
    throw Error(who, "a shape with axis " + std::to_string(step.axis), to_string(shape));
  }
  const auto axis = static_cast<size_t>(step.axis);
  Shape sum = shape;
  for (const WeightRef& other : step.others) {
    Shape part = resolved_shape(other, weights);
    Shape expected = shape;
    if (part.size() == expected.size()) expected[axis] = part[axis];
    if (part != expected) {
      throw Error(other.name, to_string(shape) + " but for axis " + std::to_string(axis),
                  to_string(part));
    }
    sum[axis] += part[axis];
    if (element_count(sum) > max_joined) {
      throw Error(who, "at most 2147483648 values of weights end to end", to_string(sum));
    }
  }
  return sum;
}

}  // namespace

Shape graph::stepped_shape(const std::string& who, const Shape& shape, const WeightStep& step,
                           const Weights& weights) {
  switch (step.kind) {
    case WeightStep::Kind::reshape:
      return reshaped(who, shape, step);
    case WeightStep::Kind::permute:
      return permuted(who, shape, step);
    case WeightStep::Kind::slice:
      return sliced(who, shape, step);
    case WeightStep::Kind::concatenate:
      return concatenated(shape, step, who, weights);
  }
  throw Error(who, "a known step", "another");
}

Shape resolved_shape(const WeightRef& ref, const Weights& weights) {
  Shape shape = weights.at(ref.name).shape;
  for (const WeightStep& step : ref.steps)
    shape = graph::stepped_shape(ref.name, shape, step, weights);
  return shape;
}

}  // namespace locus
