#include "images/image.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/public_call.hpp"
#include "base/read_file.hpp"
#include "base/watch.hpp"
#include "images/formats/decoders.hpp"

namespace locus {
namespace {

constexpr uint64_t max_bytes = uint64_t{1} << 31;  // more than the most pixels take

}  // namespace

namespace images {

Image claimed_image(const std::string& who, const Claim& claim, std::string_view bytes,
                    const ImageCheck& check) {
  constexpr int64_t max_pixels = 178'956'970;  // as in Pillow, which calls what is larger a bomb
  constexpr int64_t max_side = 1 << 24;
  const std::string size = std::to_string(claim.width) + " x " + std::to_string(claim.height);
  const bool sized = claim.height > 0 && claim.width > 0;
  if (!sized || claim.height > max_side || claim.width > max_side ||
      claim.height * claim.width > max_pixels) {
    throw Error(who, "an image of 1 to " + std::to_string(max_pixels) + " pixels", size);
  }
  const auto held = static_cast<int64_t>(bytes.size());
  if (claim.height * claim.width / claim.max_per_byte > held) {
    throw Error(who, "a file that holds " + size + " pixels", std::to_string(held) + " bytes");
  }
  Image image{claim.height, claim.width, {}};
  const auto values = static_cast<size_t>(claim.height * claim.width * 3);
  image.pixels.reserve(values);
  Watch watch(check, Watch::values_of_pixels);
  while (image.pixels.size() < values) {  // each step writes its zeros
    const size_t step = std::min(values - image.pixels.size(), Watch::values_of_pixels);
    image.pixels.resize(image.pixels.size() + step);
    watch.spend(step);
  }
  return image;
}

}  // namespace images

Image decode_image(const std::string& who, std::string_view bytes, const ImageCheck& check) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return images::decode_png(who, bytes, check);
  if (bytes.starts_with("\xff\xd8\xff")) return images::decode_jpeg(who, bytes, check);
  if (bytes.starts_with("P5") || bytes.starts_with("P6")) {
    return images::decode_netpbm(who, bytes, check);
  }
  throw Error(who, "a PNG, JPEG or PNM image", bytes.empty() ? "an empty file" : "another file");
}

Image read_image(const std::filesystem::path& file, const ImageCheck& check) {
  return public_call(file.string(), [&] {
    const std::string who = file.string();
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
      throw Error(who, "an image file that can be read", "none");
    }
    return decode_image(who, read_file(file, max_bytes), check);
  });
}

}  // namespace locus
