// Resampling as Pillow does it.
#pragma once

#include "base/watch.hpp"
#include "images/image.hpp"

namespace locus::images {

/// Numbered as Pillow's Resampling.
enum class Filter { nearest = 0, lanczos = 1, bilinear = 2, bicubic = 3, box = 4, hamming = 5 };

struct Resampling {
  int64_t height, width;
  Filter filter;
};

/// The image at another size. Each axis is a weighted sum of the pixels under the filter, which is
/// widened where the image becomes smaller; weights are whole numbers of 2^-22 and what is between
/// the two passes is 8 bits, so that the bytes are Pillow's.
Image resample(const Image& image, const Resampling& wanted, Watch& watch);

}  // namespace locus::images
