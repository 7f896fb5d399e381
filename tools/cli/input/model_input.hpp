// What the user gives a model to read: a text, ids as they are, an image or features.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/pipeline.hpp"
#include "tools/cli/arguments/arguments.hpp"
#include "tools/cli/input/feature_input.hpp"

namespace locus::cli {

/// One input: TEXT (perhaps with a second text), `--ids`, `--image` or `--features`.
struct InputOptions {
  std::optional<std::string> text;
  std::string pair;
  std::string ids;
  std::string image;
  std::string features;
};

/// Whether any of them is given.
bool given(const InputOptions& options);
/// Adds `--ids` and `--pair` beside a text option or positional that the verb adds itself.
OptionRules add_ids(Arguments& arguments, std::string& ids);
OptionRules add_pair(Arguments& arguments, std::string& pair);

/// Throws Error for an empty text, ids outside the vocabulary, a text beyond the context, and what
/// the model does not read; UsageError for more than one input.
ModelInput read_input(Pipeline& pipeline, const InputOptions& options);

/// The ids of `--ids`, checked in the same way.
std::vector<int32_t> read_ids(const Model& model, const std::string& ids);

}  // namespace locus::cli
