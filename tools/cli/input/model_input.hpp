// What the user gives a model to read: a text, ids as they are, an image or features.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/session.hpp"
#include "models/model.hpp"
#include "tokenizer/tokenizer.hpp"
#include "tools/cli/arguments/arguments.hpp"
#include "tools/cli/input/feature_input.hpp"

namespace locus::cli {

/// One input: TEXT (perhaps with a second text), `--ids`, `--image` or `--features`.
struct InputOptions {
  std::string text;
  std::string pair;
  std::string ids;
  std::string image;
  std::string features;
};

/// Whether any of them is given.
bool given(const InputOptions& options);
/// Adds `--ids` and `--pair` beside a text option or positional that the verb adds itself.
void add_ids(Arguments& arguments, std::string& ids);
void add_pair(Arguments& arguments, std::string& pair);

/// Ids with their types, checked against the model's vocabulary and context; or features.
struct ModelInput {
  std::vector<int32_t> ids;
  std::vector<int32_t> type_ids = {};
  FeatureRows features = {};

  /// The same for a session; it refers to what lies here.
  Sequence sequence(std::span<const float> positions = {}) const {
    return {ids, type_ids, positions, features.values, features.map};
  }
};

/// Throws Error for an empty text, ids outside the vocabulary, a text beyond the context, and what
/// the model does not read; UsageError for more than one input.
ModelInput read_input(const Model& model, const InputOptions& options);

/// The ids of `--ids`, checked in the same way.
std::vector<int32_t> read_ids(const Model& model, const std::string& ids);

/// Most tokens that the model takes: what its encoding can represent where that is limited, else
/// its context, or the tables' capacity where that is larger.
int64_t longest_input(const Model& model);
/// Refuses no ids at all, ids that the model's table of embeddings does not hold, and too many.
void check_sequence(const Model& model, std::string_view who, std::span<const int32_t> ids);

}  // namespace locus::cli
