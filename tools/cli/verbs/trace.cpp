#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "engine/weights.hpp"
#include "tools/cli/input/trace_input.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/output/staging.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

struct TraceOptions {
  CommonOptions common;
  TraceInputOptions input;
  std::string out;
};

std::string ids_text(const std::vector<int32_t>& ids) {
  std::string text;
  for (const auto id : ids) text += (text.empty() ? "" : ",") + std::to_string(id);
  return text;
}

void save(Tensors tensors, const TraceInput& input, const Model& model, const std::string& out) {
  SafetensorsOptions options;
  options.metadata = {{"format", "pt"}};
  options.check = check_interruption;
  if (!input.model.ids.empty()) options.metadata["ids"] = ids_text(input.model.ids);
  if (!input.decoder_ids.empty()) options.metadata["decoder_ids"] = ids_text(input.decoder_ids);
  if (model.graph()->untrained()) options.metadata["untrained"] = "true";
  tensors.merge(input_tensors(model, input));
  InterruptibleStaging staging(out);
  staging.fill([&](const auto& path) { save_safetensors(path, tensors, options); });
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
    table.add({visible(name), to_string(tensor.shape()), fixed(mean, 4),
               fixed(std::sqrt(std::max(0.0, squares / count - mean * mean)), 4),
               fixed(largest, 4)});
  }
  return table.text(terminal_width());
}

/// Throws Error for the first node, in the order of the graph, with a value that is no number. What
/// there is was printed before: it is what one looks for the cause in.
void expect_finite(const std::vector<std::string>& strange) {
  if (strange.empty()) return;
  const std::string more = std::to_string(strange.size() - 1);
  throw Error(strange.front(), "finite values",
              "infinity or NaN" + (strange.size() > 1 ? ", as in " + more + " later outputs" : ""));
}

/// The outputs with values that are no numbers, in the order of the graph.
std::vector<std::string> not_finite(const Tensors& tensors, const Model& model) {
  std::vector<std::string> names;
  for (const NodeSpec& node : model.spec().nodes) {
    const auto found = tensors.find(node.name);
    if (found == tensors.end()) continue;
    const auto values = found->second.values();
    const bool finite = std::ranges::all_of(values, [](float x) { return std::isfinite(x); });
    if (!finite) names.push_back(node.name);
  }
  return names;
}

void trace(const TraceOptions& options) {
  Pipeline pipeline = open_pipeline(options.common);
  const Model& model = pipeline.model();
  const auto input = read_trace_input(pipeline, options.input);
  auto tensors = trace_nodes(model, input, options.common);
  const size_t longest = std::max(input.model.ids.size(), input.decoder_ids.size());
  warn_of_length(model.length_warning(static_cast<int64_t>(longest)));
  const bool json = options.common.json;
  const Json document = json ? to_json(tensors, input, model, options.out) : Json();
  const std::string text = json ? "" : to_text(tensors);
  const std::vector<std::string> strange = not_finite(tensors, model);
  if (!options.out.empty()) save(std::move(tensors), input, model, options.out);
  json ? print_json(document) : print(text);
  expect_finite(strange);
}

}  // namespace

Action add_trace(Arguments& arguments) {
  const auto options = std::make_shared<TraceOptions>();
  add_model(arguments, options->common);
  add_trace_input(arguments, options->input, "a text");
  arguments.output("--out", &options->out,
                   {"FILE", "write the tensors, and what was read, to a safetensors file"});
  arguments.example("locus trace causal-rope --text 'Positions matter.' --out trace.safetensors");
  return [options] { trace(*options); };
}

}  // namespace locus::cli
