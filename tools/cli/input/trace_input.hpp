// What `trace` runs on and `bisect` after it: options, and tensors of a file.
#pragma once

#include <string>

#include "engine/weights.hpp"
#include "pipelines/trace.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/input/model_input.hpp"

namespace locus::cli {

struct TraceInputOptions {
  InputOptions input;
  std::string type_ids, position_ids, decoder_ids;
};

/// Adds `--text`, which `text` explains, and the others.
void add_trace_input(Arguments& arguments, TraceInputOptions& options, const std::string& text);

/// What the user gives; what is not given is as `stored`, as far as it has as many values. Throws
/// Error for what the model does not read.
TraceInput read_trace_input(Pipeline& pipeline, const TraceInputOptions& options,
                            const TraceInput& stored = {});

/// Runs the input and keeps every node's output.
Tensors trace_nodes(const Model& model, const TraceInput& input, const CommonOptions& options);

/// The inputs as tensors, by the names `ids`, `type_ids`, `position_ids`, `decoder_ids`,
/// `features`; those that are empty are left out.
Tensors input_tensors(const Model& model, const TraceInput& input);
/// The inputs that a file holds, by these names or by transformers'. Empty where it has none.
TraceInput stored_input(const Model& model, const Weights& file);
/// Whether there is anything to run on.
bool holds_input(const TraceInput& input);
/// Whether a tensor of that name is an input.
bool is_input_name(const std::string& name);

}  // namespace locus::cli
