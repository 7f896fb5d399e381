// What the user gives a model to read: a text, or ids as they are.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/model.hpp"
#include "tokenizer/tokenizer.hpp"
#include "tools/cli/support/arguments.hpp"

namespace locus::cli {

/// One input: TEXT (perhaps with a second text) or `--ids`.
struct InputOptions {
  std::string text;
  std::string pair;
  std::string ids;
};

/// Adds `--ids` and `--pair` beside a text option or positional that the verb adds itself.
void add_ids(Arguments& arguments, std::string& ids);
void add_pair(Arguments& arguments, std::string& pair);

/// Ids with their types, checked against the model's vocabulary and context.
struct ModelInput {
  std::vector<int32_t> ids;
  std::vector<int32_t> type_ids;
};

/// Throws Error for an empty text, ids outside the vocabulary, and a text beyond the context;
/// UsageError for both a text and ids.
ModelInput read_input(const Model& model, const InputOptions& options);

/// The ids of `--ids`, checked in the same way.
std::vector<int32_t> read_ids(const Model& model, const std::string& ids);

/// Most tokens that the model takes: what its encoding can represent where that is limited, else
/// its context, or the tables' capacity where that is larger.
int64_t longest_input(const Model& model);
/// Refuses no ids at all, ids that the model's table of embeddings does not hold, and too many.
void check_sequence(const Model& model, std::string_view who, std::span<const int32_t> ids);

}  // namespace locus::cli
