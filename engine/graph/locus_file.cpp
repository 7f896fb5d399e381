#include "engine/locus_file.hpp"

#include <set>

#include "base/error.hpp"
#include "base/file_name.hpp"
#include "base/new_file.hpp"
#include "base/read_file.hpp"
#include "engine/graph/graph_spec_detail.hpp"
#include "engine/weights.hpp"
#include "engine/weights/formats/json_weights_detail.hpp"
#include "engine/weights/formats/shards.hpp"

namespace locus {
namespace {

constexpr int64_t version = 1;
constexpr const char* weights_name = "model.safetensors";

std::string read_name(const detail::JsonPlace& place) {
  auto name = place.text();
  expect_file_name(place.where(), name);
  return name;
}

void read_weights(const detail::JsonPlace& place, const std::filesystem::path& folder,
                  LocusFile& contents) {
  if (place.value().is_object()) {
    contents.weights = weights::read_json_weights(place);
    return;
  }
  if (!place.value().is_string()) place.refuse("weights, or the name of a safetensors file");
  contents.weights_file = read_name(place);
  contents.weights = open_safetensors(folder / contents.weights_file);
}

void collect(const WeightRef& ref, std::set<std::string>& names) {
  names.insert(ref.name);
  for (const auto& step : ref.steps) {
    for (const auto& other : step.others) collect(other, names);
  }
}

/// Stored names that a graph refers to, sorted.
std::vector<std::string> referred(const GraphSpec& graph) {
  std::set<std::string> names;
  for (const auto& node : graph.nodes) {
    for (const auto& [name, ref] : node.weights) collect(ref, names);
  }
  for (const auto& [encoding, entry] : graph.encodings) {
    for (const auto& [name, ref] : entry.weights) collect(ref, names);
  }
  return {names.begin(), names.end()};
}

/// The file's text before the weights.
std::string document_head(const LocusFile& contents) {
  std::string text = "{\n  \"locus\": " + std::to_string(version) + ",\n";
  if (!contents.tokenizer.empty()) {
    text += "  \"tokenizer\": " + detail::write_json(contents.tokenizer) + ",\n";
  }
  text += "  \"graph\": " + detail::write_json(graph::write_graph_spec(contents.graph), 2) + ",\n";
  return text + "  \"weights\": ";
}

constexpr std::string_view document_end = "\n}\n";

constexpr uint64_t max_bytes = uint64_t{1} << 32;  // the weights may stand in it

}  // namespace

LocusFile open_locus(const std::filesystem::path& file, std::span<const Scheme> own) {
  const auto document = detail::parse_json(file.string(), read_file(file, max_bytes));
  const detail::JsonPlace root(document, file.string());
  root.expect_keys({"locus", "tokenizer", "graph", "weights"});
  if (root.at("locus").integer() != version) {
    root.at("locus").refuse("version " + std::to_string(version) + " of the format");
  }
  LocusFile contents;
  contents.graph = graph::read_graph_spec(root.at("graph"), own);
  read_weights(root.at("weights"), file.parent_path(), contents);
  if (const auto tokenizer = root.find("tokenizer")) contents.tokenizer = read_name(*tokenizer);
  return contents;
}

void save_locus(const std::filesystem::path& file, const LocusFile& contents,
                const SafetensorsOptions& options) {
  write_safetensors(file.parent_path() / weights_name, contents.weights, referred(contents.graph),
                    options);
  NewFile document(file);
  document.write(document_head(contents) + detail::write_json(weights_name));
  document.write(document_end);
  document.commit();
}

void save_locus_inline(const std::filesystem::path& file, const LocusFile& contents,
                       const std::function<void()>& check) {
  NewFile document(file);
  document.write(document_head(contents));
  weights::write_json_weights(contents.weights, referred(contents.graph), "  ",
                              [&](std::string_view part) {
                                document.write(part);
                                if (check) check();
                              });
  document.write(document_end);
  document.commit();
}

}  // namespace locus
