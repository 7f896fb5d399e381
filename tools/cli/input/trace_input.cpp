#include "tools/cli/input/trace_input.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/terminal/interruption.hpp"

namespace locus::cli {
namespace {

bool reads_types(const Model& model) {
  return std::ranges::any_of(model.spec().nodes, [](const NodeSpec& node) {
    const bool embeds = node.kind == "embedding" && node.inputs.front() == "type_ids";
    return embeds || node.weights.contains("type_keys");
  });
}

/// The decoder's, of the options, the file or the model's default.
std::vector<int32_t> chosen_decoder_ids(const Model& model, const TraceInputOptions& options,
                                        const TraceInput& stored, std::span<const int32_t> ids) {
  if (!options.decoder_ids.empty()) {
    if (!has_decoder(model)) throw Error("--decoder-ids", "a model with a decoder", "none");
    return parse_ids("--decoder-ids", options.decoder_ids);
  }
  if (has_decoder(model) && !stored.decoder_ids.empty()) return stored.decoder_ids;
  std::vector<int32_t> fallback = default_decoder_ids(model, ids);
  if (!fallback.empty() || !has_decoder(model)) return fallback;
  throw UsageError("expected --decoder-ids for a model without decoder_start_token_id");
}

void read_types(const Model& model, const TraceInputOptions& options, TraceInput& input) {
  if (options.type_ids.empty()) return;
  if (!reads_types(model)) throw Error("--type-ids", "a model with token types", "none");
  input.model.type_ids = parse_ids("--type-ids", options.type_ids);
}

void expect_as_many(const char* who, size_t count, size_t rows) {
  if (count == 0 || count == rows) return;
  throw Error(who, std::to_string(rows) + " values, one for each id", std::to_string(count));
}

/// Throws Error unless types and positions are as many as the ids, and the decoder's ids fit.
void check_trace_input(const Model& model, const TraceInput& input) {
  const auto width = static_cast<size_t>(std::max<int64_t>(1, model.graph()->input().width));
  const size_t features = input.model.features.values.size() / width;
  expect_as_many("--type-ids", input.model.type_ids.size(), input.model.ids.size());
  expect_as_many("--position-ids", input.positions.size(), input.model.ids.size() + features);
  if (!input.decoder_ids.empty()) check_sequence(model, "--decoder-ids", input.decoder_ids);
}

}  // namespace

Tensors trace_nodes(const Model& model, const TraceInput& input, const CommonOptions& options) {
  auto settings = session_options(options);
  settings.trace = true;
  Session session(model.graph(), settings);
  const Cancellable cancellable(session);
  return run_trace(model, session, input);
}

bool holds_input(const TraceInput& input) {
  return !input.model.ids.empty() || !input.model.features.values.empty();
}

void add_trace_input(Arguments& arguments, TraceInputOptions& options, const std::string& text) {
  arguments.option("--text", &options.input.text, {"TEXT", text, AnyText()});
  add_pair(arguments, options.input.pair).needs({"--text"});
  add_ids(arguments, options.input.ids);
  add_image(arguments, options.input.image);
  add_features(arguments, options.input.features);
  arguments.option("--type-ids", &options.type_ids, {"N,N,...", "token types, one for each id"});
  arguments.option("--position-ids", &options.position_ids,
                   {"P,P,...", "positions, one for each id"});
  arguments.option("--decoder-ids", &options.decoder_ids,
                   {"ID,ID,...", "what the decoder reads (default: its start token, or the text)"});
}

TraceInput read_trace_input(Pipeline& pipeline, const TraceInputOptions& options,
                            const TraceInput& stored) {
  const Model& model = pipeline.model();
  TraceInput input = stored;
  if (given(options.input) || !holds_input(stored)) {
    input.model = read_input(pipeline, options.input);
    const size_t count = input.model.ids.size();
    const bool typed = input.model.type_ids.empty() && stored.model.type_ids.size() == count;
    if (typed) input.model.type_ids = stored.model.type_ids;
    if (stored.positions.size() != count) input.positions.clear();
  } else if (!input.model.ids.empty()) {
    check_sequence(model, "ids", input.model.ids);
  }
  input.decoder_ids = chosen_decoder_ids(model, options, stored, input.model.ids);
  read_types(model, options, input);
  if (!options.position_ids.empty()) {
    input.positions = parse_numbers("--position-ids", options.position_ids);
  }
  check_trace_input(model, input);
  return input;
}

}  // namespace locus::cli
