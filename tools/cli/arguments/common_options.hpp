// What every verb understands.
#pragma once

#include <memory>
#include <string>

#include "engine/session.hpp"
#include "models/model.hpp"
#include "pipelines/pipeline.hpp"
#include "tools/cli/arguments/arguments.hpp"

namespace locus::cli {

struct CommonOptions {
  std::string model;
  std::optional<int64_t> threads;
  std::string precision = "f32";
  std::string encoding;
  std::string family, class_name;
  bool json = false;
};

/// Adds MODEL and the options that all verbs share.
void add_model(Arguments& arguments, CommonOptions& options);
/// Adds the options that all verbs share.
void add_common(Arguments& arguments, CommonOptions& options);

/// How MODEL is opened, with tables for at least `capacity` positions (0: the model's context).
ModelOptions model_options(const CommonOptions& options, int64_t capacity = 0);
/// Opens MODEL. In plain mode a swapped-in encoding without trained weights is warned of.
std::shared_ptr<const Model> open_model(const CommonOptions& options, int64_t capacity = 0);
/// The model with its tokenizer and a session. Warns as `open_model` does.
Pipeline open_pipeline(const CommonOptions& options, int64_t capacity = 0);
SessionOptions session_options(const CommonOptions& options);

}  // namespace locus::cli
