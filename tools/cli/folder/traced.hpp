// One run of a model with the output of every node kept.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/input/model_input.hpp"

namespace locus::cli {

/// Everything that a model reads, owned.
struct TraceInput {
  ModelInput model;
  std::vector<float> positions;      ///< empty: 0, 1, ...
  std::vector<int32_t> decoder_ids;  ///< empty for a model without decoder
};

/// Throws Error unless types and positions are as many as the ids, and the decoder's ids fit.
void check_trace_input(const Model& model, const TraceInput& input);

bool has_decoder(const Model& model);
/// What the decoder reads where the user gives nothing, if there is a decoder: its start token, or
/// the text itself, shifted, in classes that classify or answer. Throws UsageError where the config
/// has no start token.
std::vector<int32_t> default_decoder_ids(const Model& model, std::span<const int32_t> ids);

/// By name: every node, [rows, width], or [width] where the sequence has one row; and the standard
/// outputs by theirs (`last_hidden_state`, `logits`, ...), with the shapes of transformers less the
/// batch dimension.
using Tensors = std::map<std::string, Tensor>;
Tensors run_trace(const Model& model, const TraceInput& input, const CommonOptions& options);

}  // namespace locus::cli
