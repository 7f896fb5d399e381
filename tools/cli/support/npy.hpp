// NumPy's array files: f32 and f64, little-endian.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "engine/tensor.hpp"

namespace locus::cli {

/// Writes an f32 array in C order; the file appears when it is complete.
/// Source: numpy.lib.format, version 1.0.
void write_npy(const std::filesystem::path& file, const Shape& shape,
               std::span<const float> values);

/// Reads an array of f32 or f64, in C or Fortran order, as f32. Throws Error that names the file.
Tensor read_npy(const std::filesystem::path& file);

}  // namespace locus::cli
