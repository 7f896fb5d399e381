// Images and arrays of features that a user gives a model to read.
#pragma once

#include <string>
#include <vector>

#include "engine/session.hpp"
#include "models/model.hpp"
#include "tools/cli/arguments/arguments.hpp"

namespace locus::cli {

/// Adds `--image` and `--features`.
void add_image(Arguments& arguments, std::string& image);
void add_features(Arguments& arguments, std::string& features);

/// Rows of features; of a map where the model reads images.
struct FeatureRows {
  MapSize map;
  std::vector<float> values;  ///< [rows, width]
};

/// An image as the folder's `preprocessor_config.json` makes it the model's pixel values.
FeatureRows read_image_features(const Model& model, const std::string& file);
/// `[rows, width]`, or `[height, width, colours]` for a model of images, from a NumPy or JSON file.
/// Throws Error for another width and for values that are not finite.
FeatureRows read_feature_file(const Model& model, const std::string& file);

/// Throws Error unless the model reads ids, features or images: `who` is what was given.
void expect_input(const Model& model, std::string_view who, GraphInput::Kind kind);

}  // namespace locus::cli
