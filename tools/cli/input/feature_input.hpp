// Images and arrays of features that a user gives a model to read.
#pragma once

#include <string>

#include "pipelines/model_input.hpp"
#include "tools/cli/arguments/arguments.hpp"

namespace locus::cli {

/// Adds `--image` and `--features`.
void add_image(Arguments& arguments, std::string& image);
void add_features(Arguments& arguments, std::string& features);

/// What a model reads: the pixel values of an image file; features of a NumPy or JSON file.
FeatureRows read_image_input(const Model& model, const std::string& file);
FeatureRows read_feature_file(const Model& model, const std::string& file);

}  // namespace locus::cli
