// Rows of the sinusoid as the engine makes them.
#pragma once

#include "engine/tensor.hpp"

namespace locus::cli::claims {

/// Dimensions of the table that the articles look at.
inline constexpr int64_t dimensions = 128;

/// Rows of `count` positions from `first` on of a scheme: `sinusoidal`. [count, width]
Tensor rows_of_scheme(const std::string& scheme, int64_t first, int64_t count,
                      int64_t width = dimensions);
/// Angle per position of each pair of an interleaved sinusoid. [width / 2]
std::vector<double> angles_of_scheme(const std::string& scheme, int64_t width = dimensions);

}  // namespace locus::cli::claims
