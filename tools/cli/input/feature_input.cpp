#include "tools/cli/input/feature_input.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "images/image_processor.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/npy.hpp"

namespace locus::cli {
namespace {

std::string kind_text(GraphInput::Kind kind) {
  switch (kind) {
    case GraphInput::Kind::ids:
      return "text";
    case GraphInput::Kind::features:
      return "features (--features)";
    case GraphInput::Kind::map:
      return "images (--image)";
  }
  return "";
}

/// Nested lists of equal lengths.
class NestedNumbers {
 public:
  NestedNumbers(const std::string& who, const nlohmann::json& list) : who_(who) { read(list, 0); }
  Tensor tensor() const { return Tensor(shape_, values_); }

 private:
  [[noreturn]] void fail() const {
    throw Error(who_, "lists of numbers, all of one length", "others");
  }

  void read(const nlohmann::json& value, size_t depth) {
    if (value.is_number() && depth == depth_) {
      values_.push_back(value.get<float>());
      return;
    }
    if (!value.is_array() || depth >= most_depth || (depth_ > 0 && depth >= depth_)) fail();
    if (shape_.size() <= depth) shape_.push_back(static_cast<int64_t>(value.size()));
    if (shape_[depth] != static_cast<int64_t>(value.size())) fail();
    if (depth_ == 0 && (value.empty() || !value.front().is_array())) depth_ = depth + 1;
    for (const auto& entry : value) read(entry, depth + 1);
  }

  static constexpr size_t most_depth = 3;
  const std::string& who_;
  size_t depth_ = 0;  // of numbers, once the first is found
  Shape shape_;
  std::vector<float> values_;
};

Tensor read_array(const std::string& file) {
  if (file.ends_with(".npy")) return read_npy(file);
  const auto list = nlohmann::json::parse(read_file(file), nullptr, /*allow_exceptions=*/false);
  if (!list.is_array()) throw Error(file, "a NumPy file (.npy) or a list in JSON", "another file");
  return NestedNumbers(file, list).tensor();
}

void check_finite(const std::string& file, const Tensor& array) {
  const int64_t width = array.shape().back();
  for (int64_t index = 0; index < array.count(); ++index) {
    const float value = array.data()[index];
    if (std::isfinite(value)) continue;
    throw Error(file, "finite values",
                std::to_string(value) + " in row " + std::to_string(index / width));
  }
}

}  // namespace

void add_image(Arguments& arguments, std::string& image) {
  arguments.option("--image", &image, {"FILE", "a PNG, JPEG or PNM image, for a model of images"});
}

void add_features(Arguments& arguments, std::string& features) {
  arguments.option("--features", &features,
                   {"FILE", "rows of numbers (.npy or JSON), for a model of features"});
}

void expect_input(const Model& model, std::string_view who, GraphInput::Kind kind) {
  const GraphInput input = model.graph()->input();
  if (input.kind == kind) return;
  throw Error(who, "a model that reads " + kind_text(kind),
              "a " + model.spec().family + " model, which reads " + kind_text(input.kind));
}

FeatureRows read_image_features(const Model& model, const std::string& file) {
  expect_input(model, "--image", GraphInput::Kind::map);
  const auto folder = tokenizer_folder(model);
  PixelValues pixels = ImageProcessor::open(folder).process(read_image(file));
  if (model.graph()->input().width != 3) {
    throw Error("--image", "a model of 3 colours", std::to_string(model.graph()->input().width));
  }
  return {{pixels.height, pixels.width}, std::move(pixels.values)};
}

FeatureRows read_feature_file(const Model& model, const std::string& file) {
  const GraphInput input = model.graph()->input();
  if (input.kind == GraphInput::Kind::ids) {
    expect_input(model, "--features", GraphInput::Kind::features);
  }
  const bool map = input.kind == GraphInput::Kind::map;
  const Tensor array = read_array(file);
  const Shape& shape = array.shape();
  if (shape.size() != (map ? 3 : 2) || array.empty() || shape.back() != input.width) {
    throw Error(file,
                (map ? "[height, width, " : "[rows, ") + std::to_string(input.width) + "] features",
                to_string(shape));
  }
  check_finite(file, array);
  FeatureRows rows{{}, {array.values().begin(), array.values().end()}};
  if (map) rows.map = {shape[0], shape[1]};
  return rows;
}

}  // namespace locus::cli
