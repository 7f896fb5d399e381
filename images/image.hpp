// Images from files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace locus {

/// Pixels of 8 bits, red, green and blue, row by row.
struct Image {
  int64_t height = 0;
  int64_t width = 0;
  std::vector<uint8_t> pixels;  ///< [height, width, 3]
};

/// Called every few milliseconds of work on an image; what it throws ends the work.
using ImageCheck = std::function<void()>;

/// Reads a PNG, JPEG or PNM file (P5, P6) as a person sees it: grey and palettes become colours, an
/// alpha channel is left out, and the orientation that a camera noted in a JPEG is applied. Throws
/// Error that names the file: no image, one that is cut off or damaged, or larger than 179 million
/// pixels. A file that claims more pixels than its bytes can hold is refused before memory is
/// taken.
Image read_image(const std::filesystem::path& file, const ImageCheck& check = {});

/// Decodes an image that lies in memory, as `read_image` does; `who` names it in errors.
Image decode_image(const std::string& who, std::string_view bytes, const ImageCheck& check = {});

}  // namespace locus
