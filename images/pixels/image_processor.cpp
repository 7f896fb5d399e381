#include "images/image_processor.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/json/is_text.hpp"
#include "base/json/json.hpp"
#include "base/public_call.hpp"
#include "base/read_file.hpp"
#include "images/pixels/resample.hpp"

namespace locus {

/// Reads a config with the defaults of the class. Every failure names the file and the key.
class ProcessorReader {
 public:
  ProcessorReader(std::string who, std::string_view json) : who_(std::move(who)) {
    values_ = detail::parse_json(who_, json);
    if (!values_.is_object()) throw Error(who_, "a JSON object", "another text");
  }

  ImageProcessor read() const {
    check_type();
    ImageProcessor processor;
    processor.resizes_ = boolean("do_resize");
    processor.rescales_ = boolean("do_rescale");
    processor.normalises_ = boolean("do_normalize");
    read_size(processor);
    constexpr int64_t last_filter = 5;
    processor.filter_ = static_cast<int>(whole("resample", find("resample"), {0, last_filter, 2}));
    if (const auto* factor = find("rescale_factor"))
      processor.factor_ = number("rescale_factor", *factor);
    processor.mean_ = colours("image_mean");
    processor.deviation_ = colours("image_std");
    for (const float value : processor.deviation_) {
      if (value == 0) fail("image_std", "values other than 0", "0");
    }
    refuse_steps();
    processor.unread_keys_ = unread();
    return processor;
  }

 private:
  using Json = nlohmann::json;

  [[noreturn]] void fail(const std::string& key, const std::string& expected,
                         const std::string& found) const {
    throw Error(who_, "'" + key + "' to be " + expected, found);
  }

  static std::string excerpt(const Json& value) {
    constexpr size_t max_size = 60;
    return value.dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, max_size);
  }

  /// Steps that the class does not take and that others do.
  void refuse_steps() const {
    for (const char* key : {"do_center_crop", "do_pad", "do_crop", "do_flip_channel_order"}) {
      const Json* value = find(key);
      if (value && *value != false) fail(key, "absent or false", excerpt(*value));
    }
  }

  std::vector<std::string> unread() const {
    std::vector<std::string> keys;
    for (const auto& [key, value] : values_.items()) {
      const bool harmless = std::find(std::begin(harmless_keys), std::end(harmless_keys), key) !=
                            std::end(harmless_keys);
      if (!harmless && !value.is_null() && asked_.count(key) == 0) keys.push_back(key);
      if (key != "size" || !value.is_object()) continue;
      for (const auto& [side, unused] : value.items()) {
        if (side != "height" && side != "width") keys.push_back("size." + side);
      }
    }
    return keys;
  }

  /// A value that is there and not null.
  const Json* find(const std::string& key) const {
    asked_.insert(key);
    const auto found = values_.find(key);
    return found == values_.end() || found->is_null() ? nullptr : &*found;
  }

  void check_type() const {
    for (const char* key : {"image_processor_type", "feature_extractor_type"}) {
      const Json* type = find(key);
      if (!type || detail::is_text(*type, "ViTImageProcessor") ||
          detail::is_text(*type, "ViTFeatureExtractor"))
        continue;
      fail(key, "ViTImageProcessor", excerpt(*type));
    }
  }

  bool boolean(const std::string& key) const {
    const Json* value = find(key);
    if (value && !value->is_boolean()) fail(key, "true or false", excerpt(*value));
    return !value || value->get<bool>();
  }

  double number(const std::string& key, const Json& value) const {
    if (!value.is_number() || !std::isfinite(value.get<double>()))
      fail(key, "a number", excerpt(value));
    return value.get<double>();
  }

  struct Bounds {
    int64_t min, max, fallback;
  };
  int64_t whole(const std::string& key, const Json* value, const Bounds& bounds) const {
    if (!value) return bounds.fallback;
    const bool fits = value->is_number_integer() &&
                      value->get<double>() >= static_cast<double>(bounds.min) &&
                      value->get<double>() <= static_cast<double>(bounds.max);
    if (!fits) {
      fail(
          key,
          "a whole number from " + std::to_string(bounds.min) + " to " + std::to_string(bounds.max),
          excerpt(*value));
    }
    return value->get<int64_t>();
  }

  /// A side, a height and a width, or both by name.
  void read_size(ImageProcessor& processor) const {
    const Json* size = find("size");
    if (!size) return;
    const Json *height = size, *width = size;
    if (size->is_array() && size->size() == 2) {
      height = &(*size)[0], width = &(*size)[1];
    } else if (size->is_object()) {
      if (!size->contains("height") || !size->contains("width")) {
        fail("size", "a height and a width", excerpt(*size));
      }
      height = &(*size)["height"], width = &(*size)["width"];
    }
    constexpr int64_t max_side = 2048;
    processor.height_ = whole("size", height, {1, max_side, 0});
    processor.width_ = whole("size", width, {1, max_side, 0});
  }

  /// A value for each colour, or one for all.
  std::vector<float> colours(const std::string& key) const {
    constexpr size_t count = 3;
    constexpr double max_colour = 1e30;  // a float holds it, and what it is subtracted from
    const Json* value = find(key);
    if (!value) return std::vector<float>(count, 0.5f);
    const bool several = value->is_array();
    if (several && value->size() != count) fail(key, "3 numbers", excerpt(*value));
    std::vector<float> values;
    for (size_t c = 0; c < count; ++c) {
      const double colour = number(key, several ? (*value)[c] : *value);
      if (std::abs(colour) > max_colour) fail(key, "numbers of at most 1e30", excerpt(*value));
      values.push_back(static_cast<float>(colour));
    }
    return values;
  }

  /// Names; colours, which are always three here; a crop's size, where no crop is made; what a call
  /// gives back and on which device.
  static constexpr std::string_view harmless_keys[] = {
      "processor_class",   "_processor_class", "_valid_processor_keys",
      "name_or_path",      "do_convert_rgb",   "crop_size",
      "default_to_square", "return_tensors",   "data_format",
      "input_data_format", "device",           "disable_grouping"};

  std::string who_;
  Json values_;
  mutable std::set<std::string> asked_;  // keys
};

ImageProcessor ImageProcessor::parse(const std::string& who, std::string_view json) {
  return ProcessorReader(who, json).read();
}

ImageProcessor ImageProcessor::open(const std::filesystem::path& folder) {
  return public_call(folder.string(), [&] {
    const std::filesystem::path file = folder / "preprocessor_config.json";
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) {
      throw Error(folder.string(), "a preprocessor_config.json", "none");
    }
    return parse(file.string(), read_file(file));
  });
}

PixelValues ImageProcessor::process(const Image& image, const ImageCheck& check) const {
  return public_call("image", [&] {
    Watch watch(check, Watch::values_of_pixels);
    const images::Resampling wanted{height_, width_, static_cast<images::Filter>(filter_)};
    const Image sized = resizes_ ? images::resample(image, wanted, watch) : image;
    PixelValues result{sized.height, sized.width, {}};
    result.values.reserve(sized.pixels.size());
    for (size_t index = 0; index < sized.pixels.size(); ++index) {
      watch.spend(1);
      auto value = static_cast<float>(sized.pixels[index]);
      if (rescales_) value = static_cast<float>(static_cast<double>(sized.pixels[index]) * factor_);
      if (normalises_) value = (value - mean_[index % 3]) / deviation_[index % 3];
      result.values.push_back(value);
    }
    return result;
  });
}

}  // namespace locus
