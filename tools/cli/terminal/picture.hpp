// Matrices as pictures of characters.
#pragma once

#include <string>

#include "engine/tensor.hpp"

namespace locus::cli {

/// A matrix with a colour (blue below zero, white, red above) for each cell, two rows in a line of
/// half blocks, where colours are used; otherwise a character from faint to dense by value, a row a
/// line. Columns beyond `width` are averaged together. [rows, columns]
std::string picture(ConstView matrix, int width);
/// What colours or characters mean, from the least to the largest value.
std::string picture_scale(ConstView matrix);

}  // namespace locus::cli
