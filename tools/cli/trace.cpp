#include <algorithm>
#include <cmath>
#include <map>

#include "engine/error.hpp"
#include "engine/weights.hpp"
#include "tools/cli/support/common_options.hpp"
#include "tools/cli/support/interruption.hpp"
#include "tools/cli/support/model_input.hpp"
#include "tools/cli/support/output.hpp"
#include "tools/cli/support/staging.hpp"
#include "tools/cli/support/table.hpp"
#include "tools/cli/support/text_input.hpp"
#include "tools/cli/support/usage.hpp"
#include "tools/cli/verbs.hpp"

namespace locus::cli {
namespace {

struct TraceOptions {
  CommonOptions common;
  InputOptions input;
  std::string type_ids;
  std::string position_ids;
  std::string decoder_ids;
  std::string out;
};

using Tensors = std::map<std::string, Tensor>;

/// Everything that the model reads, owned.
struct TraceInput {
  ModelInput model;
  std::vector<float> positions;
  std::vector<int32_t> decoder_ids;
};

void expect_as_many(const char* who, size_t count, size_t ids) {
  if (count == 0 || count == ids) return;
  throw Error(who, std::to_string(ids) + " values, one for each id", std::to_string(count));
}

bool has_decoder(const Model& model) {
  return model.spec().outputs.contains("encoder_last_hidden_state");
}

std::vector<int32_t> decoder_ids_of(const Model& model, const TraceOptions& options) {
  if (!has_decoder(model)) {
    if (!options.decoder_ids.empty())
      throw Error("--decoder-ids", "a model with a decoder", "none");
    return {};
  }
  if (!options.decoder_ids.empty()) return parse_ids("--decoder-ids", options.decoder_ids);
  if (model.special().decoder_start) return {*model.special().decoder_start};
  throw UsageError("expected --decoder-ids for a model without decoder_start_token_id");
}

TraceInput read_trace_input(const Model& model, const TraceOptions& options) {
  TraceInput input{read_input(model, options.input), {}, decoder_ids_of(model, options)};
  if (!options.type_ids.empty()) {
    input.model.type_ids = parse_ids("--type-ids", options.type_ids);
  }
  if (!options.position_ids.empty()) {
    input.positions = parse_numbers("--position-ids", options.position_ids);
  }
  expect_as_many("--type-ids", input.model.type_ids.size(), input.model.ids.size());
  expect_as_many("--position-ids", input.positions.size(), input.model.ids.size());
  if (!input.decoder_ids.empty()) check_sequence(model, "--decoder-ids", input.decoder_ids);
  return input;
}

// The batch dimension goes: a row for the sequence is a vector. [rows, width] or [width]
Tensor without_batch(ConstView view, bool row_of_sequence) {
  std::vector<float> values;
  values.reserve(static_cast<size_t>(view.count()));
  for (int64_t i = 0; i < view.size(0); ++i) {
    const auto row = view.row(i);
    values.insert(values.end(), row.begin(), row.end());
  }
  if (row_of_sequence) return Tensor({view.size(1)}, values);
  return Tensor({view.size(0), view.size(1)}, values);
}

// Start and end logits, where a head has them, are columns in the reference. [rows]
Tensor standard_output(const std::string& name, const Tensor& tensor) {
  const bool column = name == "start_logits" || name == "end_logits";
  if (column && tensor.shape().back() == 1) return Tensor({tensor.count()}, tensor.values());
  return tensor.clone();
}

Tensors collect(const Model& model, const Session& session) {
  std::map<std::string, std::string> rows;
  for (const auto& node : model.graph()->nodes()) rows[node.name] = node.rows;
  Tensors tensors;
  for (const auto& [name, view] : session.trace()) {
    tensors.emplace(name, without_batch(view, rows[name] == "sequences"));
  }
  for (const auto& [name, node] : model.spec().outputs) {
    if (!tensors.contains(node)) continue;
    tensors.insert_or_assign(name, standard_output(name, tensors.at(node)));
  }
  return tensors;
}

Tensors run_trace(const Model& model, const TraceInput& input, const CommonOptions& options) {
  auto settings = session_options(options);
  settings.trace = true;
  Session session(model.graph(), settings);
  const Cancellable cancellable(session);
  const Sequence sequence{input.model.ids, input.model.type_ids, input.positions};
  session.encode({&sequence, 1});
  const Sequence target{input.decoder_ids, {}, {}};
  if (!input.decoder_ids.empty()) session.decode({&target, 1});
  return collect(model, session);
}

std::string ids_text(const std::vector<int32_t>& ids) {
  std::string text;
  for (const auto id : ids) text += (text.empty() ? "" : ",") + std::to_string(id);
  return text;
}

void save(const Tensors& tensors, const TraceInput& input, const Model& model,
          const std::string& out) {
  SafetensorsOptions options;
  options.metadata = {{"format", "pt"}, {"ids", ids_text(input.model.ids)}};
  if (!input.decoder_ids.empty()) options.metadata["decoder_ids"] = ids_text(input.decoder_ids);
  if (model.graph()->untrained()) options.metadata["untrained"] = "true";
  Staging staging(out);
  save_safetensors(staging.path(), tensors, options);
  staging.commit();
}

Json to_json(const Tensors& tensors, const TraceInput& input, const Model& model,
             const std::string& out) {
  Json list = Json::object();
  for (const auto& [name, tensor] : tensors) {
    list[name] = {{"shape", tensor.shape()}};
    if (out.empty()) list[name]["values"] = tensor.values();
  }
  Json document{{"ids", input.model.ids}, {"tensors", std::move(list)}};
  if (!out.empty()) document["out"] = out;
  if (model.graph()->untrained()) document["untrained"] = true;
  return document;
}

std::string to_text(const Tensors& tensors) {
  Table table({left("tensor"), left("shape"), right("mean"), right("deviation"), right("largest")});
  for (const auto& [name, tensor] : tensors) {
    double sum = 0, squares = 0, largest = 0;
    for (const double value : tensor.values()) {
      sum += value;
      squares += value * value;
      largest = std::max(largest, std::abs(value));
    }
    const auto count = static_cast<double>(std::max<int64_t>(tensor.count(), 1));
    const double mean = sum / count;
    table.add({name, to_string(tensor.shape()), fixed(mean, 4),
               fixed(std::sqrt(std::max(0.0, squares / count - mean * mean)), 4),
               fixed(largest, 4)});
  }
  return table.text(terminal_width());
}

void trace(const TraceOptions& options) {
  const auto model = open_model(options.common);
  const auto input = read_trace_input(*model, options);
  const auto tensors = run_trace(*model, input, options.common);
  if (!options.out.empty()) save(tensors, input, *model, options.out);
  if (options.common.json) return print_json(to_json(tensors, input, *model, options.out));
  print(to_text(tensors));
}

}  // namespace

Action add_trace(Arguments& arguments) {
  const auto options = std::make_shared<TraceOptions>();
  add_model(arguments, options->common);
  arguments.option("--text", &options->input.text, {"TEXT", "a text"});
  add_pair(arguments, options->input.pair);
  add_ids(arguments, options->input.ids);
  arguments.option("--type-ids", &options->type_ids, {"N,N,...", "token types, one for each id"});
  arguments.option("--position-ids", &options->position_ids,
                   {"P,P,...", "positions, one for each id"});
  arguments.option("--decoder-ids", &options->decoder_ids,
                   {"ID,ID,...", "what the decoder reads (default: its start token)"});
  arguments.option("--out", &options->out, {"FILE", "write the tensors to a safetensors file"});
  arguments.example("locus trace causal-rope --text 'Positions matter.' --out trace.safetensors");
  return [options] { trace(*options); };
}

}  // namespace locus::cli
