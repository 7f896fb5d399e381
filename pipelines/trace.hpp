// One run of a model with the output of every node kept.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "../engine/session.hpp"
#include "model_input.hpp"

namespace locus {

/// Everything that a model reads, owned.
struct TraceInput {
  ModelInput model;
  std::vector<float> positions;      ///< empty: 0, 1, ...
  std::vector<int32_t> decoder_ids;  ///< empty for a model without decoder
};

/// By name: every node, [rows, width], or [width] where the sequence has one row; and the standard
/// outputs by theirs (`last_hidden_state`, `logits`, ...), with the shapes of transformers less the
/// batch dimension.
using Tensors = std::map<std::string, Tensor>;

/// Runs a session that has the option `trace`. Throws Error as `Session` does.
Tensors run_trace(const Model& model, Session& session, const TraceInput& input);

}  // namespace locus
