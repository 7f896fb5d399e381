// Values that do not lie in their shape's order.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "engine/weights.hpp"

namespace locus::weights {

/// The strides of values that lie in the shape's order.
std::vector<int64_t> ordered_strides(const Shape& shape);

/// Whether these strides mean that order: an axis with a single index has no say.
bool is_ordered(const Shape& shape, std::span<const int64_t> strides);

/// How many values lie from the first to the last, both included; nothing where the count does not
/// fit. Sizes and strides are not negative.
std::optional<int64_t> span_of_values(const Shape& shape, std::span<const int64_t> strides);

/// f32 values of a tensor that has strides, in the shape's order.
void widen_strided(std::string_view who, const StoredTensor& tensor, std::span<float> values);

}  // namespace locus::weights
