// NumPy's array files, little-endian.
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

/// Reads an array of f16, f32, f64 or whole numbers, in C or Fortran order, as f32. Throws Error
/// that names the file; what a header claims is taken for nothing until the file has shown to hold
/// it.
Tensor read_npy(const std::filesystem::path& file);

}  // namespace locus::cli
