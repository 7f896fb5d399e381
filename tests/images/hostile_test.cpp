// Files that lie: one line each, and no memory for what they claim.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "base/error.hpp"
#include "base/json/values.hpp"
#include "images/image_processor.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

std::string bytes_of(const std::string& name) {
  std::ifstream stream(source_path("tests/goldens/images/" + name), std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string failure(std::string_view bytes) {
  return failure_of([&] { decode_image("file", bytes); }, "none");
}

std::string processor_failure(std::string_view json) {
  return failure_of([&] { ImageProcessor::parse("config", json); }, "none");
}

constexpr const char* kinds[] = {"colour.png", "palette.png",     "grey.png", "colour.jpg",
                                 "grey.jpg",   "progressive.jpg", "deep.ppm", "dim.pgm"};

std::string png_size(uint32_t width, uint32_t height) {
  std::string png = bytes_of("colour.png");
  for (int byte = 0; byte < 4; ++byte) {
    png[16 + byte] = static_cast<char>(width >> (24 - 8 * byte));
    png[20 + byte] = static_cast<char>(height >> (24 - 8 * byte));
  }
  // The checksum of IHDR, as whoever writes such a file would write it.
  uint32_t crc = ~0u;
  for (size_t place = 12; place < 29; ++place) {
    crc ^= static_cast<uint8_t>(png[place]);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  for (int byte = 0; byte < 4; ++byte) png[29 + byte] = static_cast<char>(~crc >> (24 - 8 * byte));
  return png;
}

}  // namespace

TEST_CASE("what is no image is refused with a line that says so") {
  CHECK(failure("") == "file: expected a PNG, JPEG or PNM image, found an empty file");
  CHECK(failure("GIF89a") == "file: expected a PNG, JPEG or PNM image, found another file");
  CHECK(failure("P6 4 x 255\n") == "file: expected a PNM header of numbers, found another");
  CHECK(failure("P5 2 2 0\n\0\0\0\0") == "file: expected a largest value from 1 to 65535, found 0");
  CHECK(failure(bytes_of("inks.jpg")) ==
        "file: expected a JPEG image of grey or colours, found one of four inks");
}

TEST_CASE("an image that is cut off is refused, wherever it is cut") {
  for (const char* name : kinds) {
    CAPTURE(name);
    const std::string whole = bytes_of(name);
    // A JPEG's last two bytes say that it ends, a PNG's last twelve are a chunk of their own.
    for (size_t size = 0; size + 2 < whole.size(); size += 1 + size / 40) {
      CAPTURE(size);
      CHECK(failure(std::string_view(whole).substr(0, size)).starts_with("file: expected "));
    }
  }
  const std::string png = bytes_of("colour.png"), jpeg = bytes_of("colour.jpg");
  CHECK(failure(std::string_view(png).substr(0, 900)) ==
        "file: expected a whole PNG image, found the file is cut off");
  CHECK(failure(std::string_view(jpeg).substr(0, 900)) ==
        "file: expected a whole JPEG image, found Premature end of JPEG file");
}

TEST_CASE("sizes of nothing and sizes that no file of this length holds are refused") {
  CHECK(failure(png_size(0, 23)).starts_with("file: expected a whole PNG image, found "));
  CHECK(failure(png_size(100'000, 100'000)) ==
        "file: expected an image of 1 to 178956970 pixels, found 100000 x 100000");
  CHECK(failure(png_size(13'000, 13'000)) ==
        "file: expected a file that holds 13000 x 13000 pixels, found 2331 bytes");
  CHECK(failure("P6 9000 9000 255\n123") ==
        "file: expected a file that holds 9000 x 9000 pixels, found 20 bytes");
  CHECK(failure("P5 0 7 255\n") == "file: expected an image of 1 to 178956970 pixels, found 0 x 7");
  std::string jpeg = bytes_of("grey.jpg");
  const size_t frame = jpeg.find("\xff\xc0");  // SOF0: length, precision, height, width
  REQUIRE(frame != std::string::npos);
  for (size_t place = frame + 5; place < frame + 9; ++place) jpeg[place] = '\x2f';
  CHECK(failure(jpeg) == "file: expected a file that holds 12079 x 12079 pixels, found 692 bytes");
}

TEST_CASE("damaged bytes give an image or an error, never anything else") {
  std::mt19937 generator(5);
  for (const char* name : kinds) {
    const std::string whole = bytes_of(name);
    for (int round = 0; round < 150; ++round) {
      std::string damaged = whole;
      for (int edit = 0; edit < 1 + round % 4; ++edit) {
        damaged[generator() % damaged.size()] = static_cast<char>(generator());
      }
      CHECK_NOTHROW(failure(damaged));
    }
  }
}

TEST_CASE("a processor of another kind, and values out of range, are refused by key") {
  CHECK(processor_failure("[]") == "config: expected a JSON object, found another text");
  CHECK(processor_failure(R"({"image_processor_type": "CLIPImageProcessor"})") ==
        "config: expected 'image_processor_type' to be ViTImageProcessor, found "
        "\"CLIPImageProcessor\"");
  CHECK(processor_failure(R"({"size": {"shortest_edge": 224}})") ==
        "config: expected 'size' to be a height and a width, found {\"shortest_edge\":224}");
  CHECK(processor_failure(R"({"size": 1000000000})") ==
        "config: expected 'size' to be a whole number from 1 to 2048, found 1000000000");
  CHECK(processor_failure(R"({"size": {"height": 0, "width": 4}})") ==
        "config: expected 'size' to be a whole number from 1 to 2048, found 0");
  CHECK(processor_failure(R"({"resample": 9})") ==
        "config: expected 'resample' to be a whole number from 0 to 5, found 9");
  CHECK(processor_failure(R"({"image_std": [1, 0, 1]})") ==
        "config: expected 'image_std' to be values other than 0, found 0");
  CHECK(processor_failure(R"({"image_mean": [1, 2]})") ==
        "config: expected 'image_mean' to be 3 numbers, found [1,2]");
  CHECK(processor_failure(R"({"do_resize": 1})") ==
        "config: expected 'do_resize' to be true or false, found 1");
  CHECK(processor_failure("{}") == "none");
}

TEST_CASE("a step that the class does not take is refused, an unknown key is reported") {
  CHECK(processor_failure(R"({"do_center_crop": true})") ==
        "config: expected 'do_center_crop' to be absent or false, found true");
  CHECK(processor_failure("{\"size\": " + std::string(100'000, '[') + std::string(100'000, ']') +
                          "}") == "config: expected JSON of at most 64 levels, found more");
  const auto unread = [](const char* json) {
    return ImageProcessor::parse("config", json).unread_keys();
  };
  using Keys = std::vector<std::string>;
  CHECK(
      unread(R"({"do_resize": false, "do_convert_rgb": null, "crop_size": 3, "do_pad": false})") ==
      Keys{});
  CHECK(unread(R"({"mystery": 1, "another": 2, "size": {"height": 4, "width": 4, "depth": 1}})") ==
        Keys{"another", "mystery", "size.depth"});
}

TEST_CASE("every key of the class in transformers 4.49 and 5 is accounted for") {
  const auto all = nlohmann::json::parse(read_text(source_path("tests/goldens/config_keys.json")));
  for (const auto& [name, versions] : all.at("preprocessor_config.json").items()) {
    for (const auto& [version, keys] : versions.items()) {
      for (const auto& [key, fallback] : keys.items()) {
        if (key.find('.') != std::string::npos || key == "size") continue;
        const std::string shown = name + " of " + version + ": " + key;
        INFO(shown);
        nlohmann::json config;
        config[key] = fallback;
        CHECK(ImageProcessor::parse("config", config.dump()).unread_keys().empty());
      }
    }
  }
}

TEST_CASE("a path that no file system takes is an Error") {
  CHECK_THROWS_AS(ImageProcessor::open(std::string(5000, 'n')), Error);
  CHECK_THROWS_AS(read_image(std::string(5000, 'n')), Error);
}

TEST_CASE("a folder without preprocessor_config.json is named") {
  CHECK(failure_of([] { ImageProcessor::open("/nonexistent"); }) ==
        "/nonexistent: expected a preprocessor_config.json, found none");
}

struct Stop {};

TEST_CASE("an image may be given up while it is decoded and while it is resized") {
  const std::string pixels = "P6 2000 2000 255 " + std::string(2000 * 2000 * 3, 'x');
  const auto processor = ImageProcessor::parse("config", R"({"size": 16})");
  for (const std::string& file : {pixels, bytes_of("colour.png")}) {
    int all = 0;
    const Image image = decode_image("file", file, [&] { ++all; });
    CHECK(all >= 20);  // megabytes of zeros and of pixels, or rows
    for (const int last : {1, all / 2, all}) {
      int calls = 0;
      const auto check = [&] {
        if (++calls == last) throw Stop();
      };
      CHECK_THROWS_AS(decode_image("file", file, check), Stop);
      CHECK(calls == last);
    }
    CHECK(decode_image("file", file).pixels == image.pixels);
  }
  const Image large = decode_image("file", pixels);
  CHECK_THROWS_AS(processor.process(large, [] { throw Stop(); }), Stop);
}

}  // namespace locus::tests
