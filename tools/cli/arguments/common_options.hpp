// What every verb understands.
#pragma once

#include <memory>
#include <optional>
#include <span>
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
  bool leave_surplus = false;
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
/// The keys of all files of MODEL's folder of which no use is made, the model's first.
std::vector<UnreadKey> all_unread_keys(const CommonOptions& options, const Model& model,
                                       const Tokenizer* tokenizer);
/// One line on stderr for each file that has keys of which no use is made.
void warn_of_unread(std::span<const UnreadKey> keys);
/// What is to be said once a task is done: keys of the files that it read beside the model's, and a
/// text that was longer than the model's context.
void warn_of_task(const Pipeline& pipeline);
/// One line on stderr where a text was longer than the model's context and was read all the same.
void warn_of_length(const std::optional<std::string>& warning);
SessionOptions session_options(const CommonOptions& options);

}  // namespace locus::cli
