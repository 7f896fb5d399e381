// Types of stored values and their conversion to f32.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/weights.hpp"

namespace locus::weights {

/// The type that safetensors calls by this name.
std::optional<DataType> find_data_type(std::string_view name);

/// All names, for messages: `F32, F16, ...`.
std::string data_type_names();

/// `first` times all sizes; nothing when a size is negative or the product does not fit.
std::optional<int64_t> checked_product(int64_t first, const Shape& sizes);

/// f32 values of a tensor of floating-point type. Throws Error, with `who` in front, for other
/// types.
void widen(std::string_view who, const StoredTensor& tensor, std::span<float> values);

/// The index of the first infinity or NaN.
std::optional<size_t> find_not_finite(std::span<const float> values);

}  // namespace locus::weights
