#include <map>
#include <set>

#include "base/sha256.hpp"
#include "engine/graph_spec.hpp"
#include "pipelines/model_files.hpp"
#include "pipelines/provenance.hpp"
#include "pipelines/tokenizers.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

struct InspectOptions {
  CommonOptions common;
  std::string graph;
};

Json nodes_of(const Graph& graph) {
  Json nodes = Json::array();
  for (const auto& node : graph.nodes()) {
    nodes.push_back({{"name", node.name},
                     {"kind", node.kind},
                     {"shape", Json::array({node.rows, node.width})}});
  }
  return nodes;
}

Json to_json(const std::vector<UnreadKey>& unread) {
  Json keys = Json::array();
  for (const UnreadKey& each : unread) {
    keys.push_back({{"file", each.file}, {"key", each.key}});
  }
  return keys;
}

Json to_json(const Model& model, const Tokenizer* tokenizer, const std::vector<UnreadKey>& unread) {
  const auto& spec = model.spec();
  const auto& graph = *model.graph();
  Json document{{"family", spec.family},
                {"task", spec.task},
                {"encoding", model.encodings()},
                {"format", model.format()},
                {"parameters", graph.parameters()},
                {"encoding_parameters", graph.encoding_parameters()},
                {"tokenizer", tokenizer ? Json(tokenizer->description()) : Json()},
                {"context", spec.context},
                {"trained_context", spec.trained_context},
                {"width", spec.width},
                {"vocabulary", graph.vocabulary()},
                {"bytes", graph.bytes()},
                {"labels", model.labels()},
                {"outputs", spec.outputs},
                {"unread_keys", to_json(unread)},
                {"files", hashes_of(model)},
                {"nodes", nodes_of(graph)}};
  if (graph.untrained()) document["untrained"] = true;
  return document;
}

std::string context_text(const GraphSpec& spec) {
  auto text = spec.context > 0 ? grouped(spec.context) + " tokens" : std::string("no limit");
  if (spec.trained_context > 0) text += ", trained on " + grouped(spec.trained_context);
  return text;
}

std::string summary_text(const Model& model, const Tokenizer* tokenizer) {
  const auto& spec = model.spec();
  const auto& graph = *model.graph();
  Table table({left(), left()});
  table.add({"family", visible(spec.family)});
  table.add({"task", visible(spec.task)});
  table.add({"encoding", listed(model.encodings())});
  table.add({"weights", model.format()});
  table.add({"parameters", grouped(graph.parameters()) + ", of them " +
                               grouped(graph.encoding_parameters()) + " of the encoding"});
  table.add({"memory", bytes_text(graph.bytes())});
  table.add({"context", context_text(spec)});
  table.add({"vocabulary", grouped(graph.vocabulary())});
  table.add({"tokenizer", tokenizer ? tokenizer->description() : "none"});
  return table.text(terminal_width());
}

std::string files_text(const Model& model) {
  Table table({left("file"), right("size"), left("sha256")});
  for (const auto& [name, path] : all_files(model)) {
    const auto size = static_cast<int64_t>(std::filesystem::file_size(path));
    table.add({name, bytes_text(size), sha256_of_file(path).substr(0, 16)});
  }
  return table.text(terminal_width());
}

std::string shape_text(const NodeSummary& node) {
  return "[" + node.rows + ", " + std::to_string(node.width) + "]";
}

std::string nodes_text(const Graph& graph) {
  Table table({left("node"), left("kind"), left("shape")});
  for (const auto& node : graph.nodes()) {
    table.add({node.name, node.kind, shape_text(node)});
  }
  return table.text(terminal_width());
}

std::string drawing(const Model& model) {
  std::map<std::string, std::string> shapes;
  for (const auto& node : model.graph()->nodes()) shapes[node.name] = shape_text(node);
  return to_dot(model.spec(), shapes);
}

void inspect(const InspectOptions& options) {
  if (options.common.json && options.graph == "dot") {
    throw UsageError("--json does not work with --graph dot");
  }
  const auto model = open_model(options.common);
  if (options.graph == "dot") return print(drawing(*model));
  if (options.graph == "json") return print(to_json(model->spec()) + "\n");
  const auto tokenizer = find_tokenizer(*model);
  const std::vector<UnreadKey> unread = all_unread_keys(options.common, *model, tokenizer.get());
  if (options.common.json) return print_json(to_json(*model, tokenizer.get(), unread));
  warn_of_unread(std::span(unread).subspan(model->unread_keys().size()));
  print(summary_text(*model, tokenizer.get()) + "\n" + files_text(*model) + "\n" +
        nodes_text(*model->graph()));
}

}  // namespace

Action add_inspect(Arguments& arguments) {
  const auto options = std::make_shared<InspectOptions>();
  add_model(arguments, options->common);
  arguments.option(
      "--graph", &options->graph,
      {"FORMAT", "print the graph alone: dot (Graphviz) or json", Choices{"dot", "json"}});
  arguments.idle({"--threads"});
  arguments.example("locus inspect causal-rope --graph dot | dot -Tsvg > graph.svg");
  return [options] { inspect(*options); };
}

}  // namespace locus::cli
