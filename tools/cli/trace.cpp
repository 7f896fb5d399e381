#include <algorithm>
#include <cmath>

#include "engine/error.hpp"
#include "engine/weights.hpp"
#include "tools/cli/support/output.hpp"
#include "tools/cli/support/staging.hpp"
#include "tools/cli/support/table.hpp"
#include "tools/cli/support/text_input.hpp"
#include "tools/cli/support/traced.hpp"
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

std::vector<int32_t> decoder_ids_of(const Model& model, const TraceOptions& options,
                                    std::span<const int32_t> ids) {
  if (options.decoder_ids.empty()) return default_decoder_ids(model, ids);
  if (!has_decoder(model)) throw Error("--decoder-ids", "a model with a decoder", "none");
  return parse_ids("--decoder-ids", options.decoder_ids);
}

bool reads_types(const Model& model) {
  return std::ranges::any_of(model.spec().nodes, [](const NodeSpec& node) {
    return node.kind == "embedding" && node.inputs.front() == "type_ids";
  });
}

TraceInput read_trace_input(const Model& model, const TraceOptions& options) {
  TraceInput input{read_input(model, options.input), {}, {}};
  input.decoder_ids = decoder_ids_of(model, options, input.model.ids);
  if (!options.type_ids.empty()) {
    if (!reads_types(model)) throw Error("--type-ids", "a model with token types", "none");
    input.model.type_ids = parse_ids("--type-ids", options.type_ids);
  }
  if (!options.position_ids.empty()) {
    input.positions = parse_numbers("--position-ids", options.position_ids);
  }
  check_trace_input(model, input);
  return input;
}

std::string ids_text(const std::vector<int32_t>& ids) {
  std::string text;
  for (const auto id : ids) text += (text.empty() ? "" : ",") + std::to_string(id);
  return text;
}

void save(const Tensors& tensors, const TraceInput& input, const Model& model,
          const std::string& out) {
  SafetensorsOptions options;
  options.metadata = {{"format", "pt"}};
  if (!input.model.ids.empty()) options.metadata["ids"] = ids_text(input.model.ids);
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
  Json document{{"tensors", std::move(list)}};
  if (model.graph()->input().kind == GraphInput::Kind::ids) document["ids"] = input.model.ids;
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
  add_image(arguments, options->input.image);
  add_features(arguments, options->input.features);
  arguments.option("--type-ids", &options->type_ids, {"N,N,...", "token types, one for each id"});
  arguments.option("--position-ids", &options->position_ids,
                   {"P,P,...", "positions, one for each id"});
  arguments.option("--decoder-ids", &options->decoder_ids,
                   {"ID,ID,...", "what the decoder reads (default: its start token, or the text)"});
  arguments.option("--out", &options->out, {"FILE", "write the tensors to a safetensors file"});
  arguments.example("locus trace causal-rope --text 'Positions matter.' --out trace.safetensors");
  return [options] { trace(*options); };
}

}  // namespace locus::cli
