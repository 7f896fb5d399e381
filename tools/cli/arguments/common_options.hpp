// What every verb understands.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/session.hpp"
#include "models/model.hpp"
#include "tokenizer/tokenizer.hpp"
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
/// The folder of the tokenizer's files.
std::filesystem::path tokenizer_folder(const Model& model);
/// Throws Error for a folder without tokenizer. `language`: a translator's, in the place of the
/// configured one.
std::shared_ptr<const Tokenizer> open_tokenizer(const Model& model, std::string_view language = {});
/// The same for what a translator's decoder reads and writes.
std::shared_ptr<const Tokenizer> open_target_tokenizer(const Model& model,
                                                       std::string_view language = {});
/// Nothing for a folder without tokenizer.
std::shared_ptr<const Tokenizer> find_tokenizer(const Model& model);
/// The precision that the CPU computes in: f32 where bf16 was asked for and there are no
/// instructions for it.
Precision used_precision(const Model& model);
SessionOptions session_options(const CommonOptions& options);

}  // namespace locus::cli
