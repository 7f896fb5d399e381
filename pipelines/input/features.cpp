#include <cmath>

#include "base/error.hpp"
#include "images/image_processor.hpp"
#include "pipelines/model_files.hpp"
#include "pipelines/model_input.hpp"

namespace locus {
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

void check_finite(std::string_view who, const Tensor& array) {
  const int64_t width = array.shape().back();
  for (int64_t index = 0; index < array.count(); ++index) {
    const float value = array.data()[index];
    if (std::isfinite(value)) continue;
    throw Error(who, "finite values",
                std::to_string(value) + " in row " + std::to_string(index / width));
  }
}

}  // namespace

void expect_input(const Model& model, std::string_view who, GraphInput::Kind kind) {
  const GraphInput input = model.graph()->input();
  if (input.kind == kind) return;
  throw Error(who, "a model that reads " + kind_text(kind),
              "a " + model.spec().family + " model, which reads " + kind_text(input.kind));
}

FeatureRows read_image_features(const Model& model, const std::filesystem::path& file,
                                const std::function<void()>& check) {
  expect_input(model, "image", GraphInput::Kind::map);
  const ImageProcessor processor = ImageProcessor::open(model.folder());
  expect_unchanged_companions(model);
  PixelValues pixels = processor.process(read_image(file, check), check);
  if (model.graph()->input().width != 3) {
    throw Error("image", "a model of 3 colours", std::to_string(model.graph()->input().width));
  }
  return {{pixels.height, pixels.width}, std::move(pixels.values)};
}

FeatureRows read_features(const Model& model, std::string_view who, const Tensor& array) {
  const GraphInput input = model.graph()->input();
  if (input.kind == GraphInput::Kind::ids) {
    expect_input(model, "features", GraphInput::Kind::features);
  }
  const bool map = input.kind == GraphInput::Kind::map;
  const Shape& shape = array.shape();
  if (shape.size() != (map ? 3 : 2) || array.empty() || shape.back() != input.width) {
    throw Error(who,
                (map ? "[height, width, " : "[rows, ") + std::to_string(input.width) + "] features",
                to_string(shape));
  }
  check_finite(who, array);
  FeatureRows rows{{}, {array.values().begin(), array.values().end()}};
  if (map) rows.map = {shape[0], shape[1]};
  return rows;
}

}  // namespace locus
