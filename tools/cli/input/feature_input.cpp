#include "tools/cli/input/feature_input.hpp"

#include "base/error.hpp"
#include "base/json/json.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/npy.hpp"
#include "tools/cli/terminal/interruption.hpp"

namespace locus::cli {
namespace {

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
    if (!value.is_array() || depth >= max_depth || (depth_ > 0 && depth >= depth_)) fail();
    if (shape_.size() <= depth) shape_.push_back(static_cast<int64_t>(value.size()));
    if (shape_[depth] != static_cast<int64_t>(value.size())) fail();
    if (depth_ == 0 && (value.empty() || !value.front().is_array())) depth_ = depth + 1;
    for (const auto& entry : value) read(entry, depth + 1);
  }

  static constexpr size_t max_depth = 3;
  const std::string& who_;
  size_t depth_ = 0;  // of numbers, once the first is found
  Shape shape_;
  std::vector<float> values_;
};

Tensor read_array(const std::string& file) {
  if (file.ends_with(".npy")) return read_npy(file);
  const auto list = detail::parse_json(file, read_given(file));
  if (!list.is_array()) throw Error(file, "a NumPy file (.npy) or a list in JSON", "another file");
  return NestedNumbers(file, list).tensor();
}

}  // namespace

void add_image(Arguments& arguments, std::string& image) {
  arguments.option("--image", &image, {"FILE", "a PNG, JPEG or PNM image, for a model of images"});
}

void add_features(Arguments& arguments, std::string& features) {
  arguments.option("--features", &features,
                   {"FILE", "rows of numbers (.npy or JSON), for a model of features"});
}

FeatureRows read_image_input(const Model& model, const std::string& file) {
  expect_input(model, "--image", GraphInput::Kind::map);
  return read_image_features(model, file, check_interruption);
}

FeatureRows read_feature_file(const Model& model, const std::string& file) {
  if (model.graph()->input().kind == GraphInput::Kind::ids) {
    expect_input(model, "--features", GraphInput::Kind::features);
  }
  return read_features(model, file, read_array(file));
}

}  // namespace locus::cli
