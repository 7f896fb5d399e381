// From an image to what a model reads.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "image.hpp"

namespace locus {

/// A value for each colour of each pixel.
struct PixelValues {
  int64_t height = 0;
  int64_t width = 0;
  std::vector<float> values;  ///< [height, width, 3], as `Sequence::features` takes them
};

/// What a folder's `preprocessor_config.json` asks for: transformers' ViTImageProcessor, which
/// resizes with Pillow, rescales and normalises. Immutable.
class ImageProcessor {
 public:
  /// Throws Error: no such file, a processor of another type, values out of range.
  static ImageProcessor open(const std::filesystem::path& folder);
  static ImageProcessor parse(const std::string& who, std::string_view json);

  /// Keys of the file that nothing has read and that are not known to be harmless, sorted.
  const std::vector<std::string>& unread_keys() const { return unread_keys_; }

  /// The image as the model reads it.
  PixelValues process(const Image& image, const ImageCheck& check = {}) const;

 private:
  bool resizes_ = true, rescales_ = true, normalises_ = true;
  int64_t height_ = 224, width_ = 224;
  int filter_ = 2;  // numbered as Pillow's Resampling: bilinear
  double factor_ = 1.0 / 255;
  std::vector<float> mean_ = {0.5f, 0.5f, 0.5f}, deviation_ = {0.5f, 0.5f, 0.5f};
  std::vector<std::string> unread_keys_;

  friend class ProcessorReader;
};

}  // namespace locus
