// One function for each format.
#pragma once

#include <string>
#include <string_view>

#include "base/watch.hpp"
#include "images/image.hpp"

namespace locus::images {

Image decode_png(const std::string& who, std::string_view bytes, const ImageCheck& check);
Image decode_jpeg(const std::string& who, std::string_view bytes, const ImageCheck& check);
Image decode_netpbm(const std::string& who, std::string_view bytes, const ImageCheck& check);

/// An image of a claimed size, before any memory is taken for it. `max_per_byte`: pixels that a
/// byte of such a file can hold at most. Throws Error.
struct Claim {
  int64_t height, width;
  int64_t max_per_byte;
};
Image claimed_image(const std::string& who, const Claim& claim, std::string_view bytes,
                    const ImageCheck& check);

/// What a camera noted of how it was held: 1 to 8 as in Exif's tag 274, 1 where nothing is said.
int exif_orientation(std::string_view jpeg);
/// The image as it stood before the camera.
Image oriented(Image image, int orientation, Watch& watch);

}  // namespace locus::images
