// P5 and P6: https://netpbm.sourceforge.net/doc/ppm.html
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "base/watch.hpp"
#include "images/formats/decoders.hpp"

namespace locus::images {
namespace {

class NetpbmReader {
 public:
  NetpbmReader(const std::string& who, std::string_view bytes) : who_(who), bytes_(bytes) {}

  /// The next number of the header, after white space and comments.
  int64_t number() {
    skip_space();
    int64_t value = 0;
    const auto [end, error] =
        std::from_chars(bytes_.data() + place_, bytes_.data() + bytes_.size(), value);
    if (error != std::errc() || value < 0) throw Error(who_, "a PNM header of numbers", "another");
    place_ = static_cast<size_t>(end - bytes_.data());
    return value;
  }
  /// What follows the single white space after the header.
  std::string_view rest() const { return bytes_.substr(std::min(bytes_.size(), place_ + 1)); }

 private:
  void skip_space() {
    while (place_ < bytes_.size()) {
      if (bytes_[place_] == '#') {
        place_ = std::min(bytes_.find('\n', place_), bytes_.size());
      } else if (std::string_view(" \t\r\n\v\f").find(bytes_[place_]) == std::string_view::npos) {
        return;
      } else {
        ++place_;
      }
    }
  }

  const std::string& who_;
  std::string_view bytes_;
  size_t place_ = 2;
};

/// Values of one or two bytes as 0 to 255.
class Samples {
 public:
  Samples(std::string_view bytes, int64_t largest) : bytes_(bytes), largest_(largest) {}
  int64_t size() const { return largest_ > 255 ? 2 : 1; }
  uint8_t at(size_t index) const {
    const auto byte = [&](size_t place) { return static_cast<uint8_t>(bytes_[place]); };
    const int64_t value = size() == 1 ? byte(index) : 256 * byte(2 * index) + byte(2 * index + 1);
    if (largest_ == 255) return static_cast<uint8_t>(value);
    const double share = static_cast<double>(value) / static_cast<double>(largest_);
    return static_cast<uint8_t>(std::min(255.0, std::nearbyint(share * 255)));
  }

 private:
  std::string_view bytes_;
  int64_t largest_;
};

}  // namespace

Image decode_netpbm(const std::string& who, std::string_view bytes, const ImageCheck& check) {
  NetpbmReader reader(who, bytes);
  const int64_t width = reader.number(), height = reader.number(), largest = reader.number();
  if (largest < 1 || largest > 65535) {
    throw Error(who, "a largest value from 1 to 65535", std::to_string(largest));
  }
  const Samples samples(reader.rest(), largest);
  const size_t channels = bytes[1] == '6' ? 3 : 1;
  Image image = claimed_image(who, {height, width, 1}, bytes, check);
  const size_t pixels = image.pixels.size() / 3;
  const size_t wanted = pixels * channels * static_cast<size_t>(samples.size());
  if (reader.rest().size() < wanted) {
    throw Error(who, std::to_string(wanted) + " bytes of pixels",
                std::to_string(reader.rest().size()));
  }
  Watch watch(check, Watch::values_of_pixels);
  for (size_t pixel = 0; pixel < pixels; ++pixel) {
    watch.spend(3);
    for (size_t c = 0; c < 3; ++c) {
      image.pixels[pixel * 3 + c] = samples.at(pixel * channels + (channels == 3 ? c : 0));
    }
  }
  return image;
}

}  // namespace locus::images
