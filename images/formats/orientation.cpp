// Exif 2.3, sections 4.5.4 and 4.6.4: the tag Orientation of a JPEG's first APP1 segment.
#include <algorithm>
#include <optional>

#include "images/formats/decoders.hpp"

namespace locus::images {
namespace {

/// Bytes with an order; reads beyond the end are nothing.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, bool little) : bytes_(bytes), little_(little) {}
  std::optional<uint32_t> number(size_t place, size_t size) const {
    if (place > bytes_.size() || bytes_.size() - place < size) return std::nullopt;
    uint32_t value = 0;
    for (size_t i = 0; i < size; ++i) {
      const size_t at = place + (little_ ? size - 1 - i : i);
      value = value << 8 | static_cast<uint8_t>(bytes_[at]);
    }
    return value;
  }

 private:
  std::string_view bytes_;
  bool little_;
};

/// The Exif block of a JPEG: between its first markers, before any pixels.
std::string_view exif_block(std::string_view jpeg) {
  constexpr uint32_t app1 = 0xffe1, scan = 0xffda;
  constexpr std::string_view sign("Exif\0\0", 6);
  const ByteReader reader(jpeg, false);
  for (size_t place = 2;;) {
    const auto marker = reader.number(place, 2), length = reader.number(place + 2, 2);
    if (!marker || !length || *marker < 0xff00 || *marker == scan || *length < 2) return {};
    const std::string_view segment = jpeg.substr(std::min(jpeg.size(), place + 4), *length - 2);
    if (*marker == app1 && segment.starts_with(sign)) return segment.substr(sign.size());
    place += 2 + *length;
  }
}

}  // namespace

int exif_orientation(std::string_view jpeg) {
  constexpr uint32_t tag = 274;
  const std::string_view block = exif_block(jpeg);
  if (!block.starts_with("II") && !block.starts_with("MM")) return 1;
  const ByteReader reader(block, block.starts_with("II"));
  const auto directory = reader.number(4, 4);
  if (!directory) return 1;
  const auto entries = reader.number(*directory, 2);
  for (size_t entry = 0; entries && entry < *entries; ++entry) {
    const size_t place = *directory + 2 + entry * 12;
    if (reader.number(place, 2) != tag) continue;
    const auto value = reader.number(place + 8, 2);
    return value && *value >= 1 && *value <= 8 ? static_cast<int>(*value) : 1;
  }
  return 1;
}

Image oriented(Image image, int orientation, Watch& watch) {
  if (orientation == 1) return image;
  const bool turned = orientation >= 5;  // columns become rows
  Image result{turned ? image.width : image.height, turned ? image.height : image.width, {}};
  result.pixels.resize(image.pixels.size());
  // 2, 3, 7 and 8 begin at the right, 3, 4, 6 and 7 at the bottom of what is stored.
  const bool right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  for (int64_t row = 0; row < result.height; ++row) {
    for (int64_t column = 0; column < result.width; ++column) {
      const int64_t down = turned ? column : row, along = turned ? row : column;
      const int64_t y = bottom ? image.height - 1 - down : down;
      const int64_t x = right ? image.width - 1 - along : along;
      const auto from = image.pixels.begin() + (y * image.width + x) * 3;
      watch.spend(3);
      std::copy_n(from, 3, result.pixels.begin() + (row * result.width + column) * 3);
    }
  }
  return result;
}

}  // namespace locus::images
