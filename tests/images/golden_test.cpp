// Bytes and values that Pillow and transformers' ViTImageProcessor make of the same files.
#include <doctest/doctest.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "base/json/values.hpp"
#include "images/image_processor.hpp"
#include "images/pixels/resample.hpp"
#include "tests/support/paths.hpp"

namespace locus::tests {
namespace {

std::filesystem::path image_path(const std::string& name) {
  return source_path("tests/goldens/images/" + name);
}

nlohmann::json cases() {
  std::ifstream stream(image_path("cases.json"));
  return nlohmann::json::parse(stream);
}

/// CRC-32 of RFC 1952.
uint32_t crc(const void* data, size_t size) {
  uint32_t value = ~0u;
  for (size_t i = 0; i < size; ++i) {
    value ^= static_cast<const uint8_t*>(data)[i];
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
  }
  return ~value;
}

uint32_t crc(const Image& image) { return crc(image.pixels.data(), image.pixels.size()); }

}  // namespace

TEST_CASE("every kind of file has Pillow's pixels, byte for byte") {
  const nlohmann::json decoded = cases()["decoded"];
  CHECK(decoded.size() == 18);
  for (const auto& [each, expected] : decoded.items()) {
    const std::string name = each;
    CAPTURE(name);
    const Image image = read_image(image_path(name));
    CHECK(image.height == expected["height"].get<int64_t>());
    CHECK(image.width == expected["width"].get<int64_t>());
    CHECK(crc(image) == expected["crc"].get<uint32_t>());
  }
}

TEST_CASE("an image at another size has Pillow's pixels, byte for byte, for every filter") {
  const Image image = read_image(image_path("colour.png"));
  const nlohmann::json resampled = cases()["resampled"];
  CHECK(resampled.size() == 54);
  for (const auto& each : resampled) {
    CAPTURE(each.dump());
    const auto filter = static_cast<images::Filter>(each["filter"].get<int>());
    Watch watch;
    const Image sized = images::resample(image, {each["height"], each["width"], filter}, watch);
    CHECK(crc(sized) == each["crc"].get<uint32_t>());
  }
}

TEST_CASE("pixel values are those of ViTImageProcessor, bit for bit") {
  const nlohmann::json processed = cases()["processed"];
  CHECK(processed.size() == 8);
  for (const auto& each : processed) {
    CAPTURE(each.dump());
    const auto processor = ImageProcessor::parse("test", each["config"].dump());
    const PixelValues values = processor.process(read_image(image_path(each["file"])));
    CHECK(values.values.size() == static_cast<size_t>(values.height * values.width * 3));
    CHECK(crc(values.values.data(), values.values.size() * sizeof(float)) ==
          each["crc"].get<uint32_t>());
  }
}

}  // namespace locus::tests
