// Readers of images and of what is done to them.
#include <array>

#include "images/image.hpp"
#include "images/image_processor.hpp"
#include "tests/fuzz/target.hpp"

namespace locus::fuzz {
namespace {

void image(std::string_view bytes) { decode_image("image", bytes); }

void preprocessor(std::string_view bytes) {
  const auto processor = ImageProcessor::parse("preprocessor_config.json", bytes);
  processor.process({2, 3, std::vector<uint8_t>(18, 100)});
}

constexpr std::array image_rows{Target{"image", image}, Target{"preprocessor", preprocessor}};

}  // namespace

std::span<const Target> image_targets() { return image_rows; }

}  // namespace locus::fuzz
