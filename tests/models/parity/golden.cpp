#include "tests/models/parity/golden.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>

#include "base/read_file.hpp"
#include "tests/support/paths.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

std::vector<int32_t> read_ids(const Weights& file, const std::string& name) {
  if (!file.contains(name)) return {};
  const std::span<const std::byte> bytes = file.load(name);
  std::vector<int32_t> ids(bytes.size() / sizeof(int32_t));
  std::memcpy(ids.data(), bytes.data(), bytes.size());
  return ids;
}

GoldenRows read_rows(const Weights& file, const std::string& name) {
  GoldenRows rows;
  rows.ids = read_ids(file, name);
  if (name == "ids") rows.type_ids = read_ids(file, "type_ids");
  for (int32_t length : read_ids(file, name + "/lengths")) rows.lengths.push_back(length);
  for (int32_t row : read_ids(file, name + "/rows")) rows.kept.push_back(row);
  return rows;
}

/// Features with the heights and widths of images, or the lengths of sequences.
void read_features(const Weights& file, GoldenRows& rows) {
  if (!file.contains("features")) return;
  const Tensor values = file.f32("features");
  rows.features.assign(values.values().begin(), values.values().end());
  const bool images = file.at("features/shapes").shape.size() == 2;
  const std::vector<int32_t> shapes = read_ids(file, "features/shapes");
  for (size_t at = 0; at < shapes.size(); at += images ? 2 : 1) {
    if (images) rows.maps.push_back({shapes[at], shapes[at + 1]});
    rows.lengths.push_back(shapes[at] * (images ? shapes[at + 1] : 1));
  }
}

std::map<std::string, Tensor> read_group(const Weights& file, const std::string& prefix) {
  std::map<std::string, Tensor> tensors;
  for (const std::string& name : file.names()) {
    if (name.starts_with(prefix)) tensors[name.substr(prefix.size())] = file.f32(name);
  }
  return tensors;
}

std::map<std::string, std::string> read_metadata(const fs::path& file) {
  const std::string bytes = read_file(file);
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  const auto header = nlohmann::json::parse(bytes.substr(sizeof length, length));
  return header.value("__metadata__", std::map<std::string, std::string>());
}

/// The rows of a trace that the golden keeps.
Tensor keep_rows(ConstView value, const std::vector<int64_t>& rows) {
  Tensor kept({static_cast<int64_t>(rows.size()), value.size(1)});
  for (size_t row = 0; row < rows.size(); ++row) {
    std::ranges::copy(value.row(rows[row]), kept.view().row(row).begin());
  }
  return kept;
}

/// Four rows of a node that are spread over all of its, as `feature_models.py` keeps them.
std::vector<int64_t> spread_rows(int64_t count) {
  std::vector<int64_t> rows;
  const int64_t kept = std::min<int64_t>(4, count);
  for (int64_t row = 0; row < kept; ++row) rows.push_back(row * count / kept);
  return rows;
}

std::vector<int64_t> rows_of(const NodeSummary& node, const Golden& golden) {
  if (node.rows == "sequences") {
    std::vector<int64_t> all(golden.inputs.lengths.size());
    for (size_t row = 0; row < all.size(); ++row) all[row] = static_cast<int64_t>(row);
    return all;
  }
  const bool decodes =
      node.rows == "decoder tokens" || (node.rows == "requested" && !golden.decoder.ids.empty());
  return decodes ? golden.decoder.kept : golden.inputs.kept;
}

int32_t largest(ConstView logits) {
  const auto row = logits.row(0);
  return static_cast<int32_t>(std::ranges::max_element(row) - row.begin());
}

void step(Session& session, std::span<const int32_t> ids) {
  const Sequence sequence{ids, {}, {}};
  session.decode({&sequence, 1});
}

/// Sharing without ownership: the graph outlives what uses it.
std::shared_ptr<const Graph> unowned(const Graph& graph) {
  return {&graph, [](const Graph*) {}};
}

/// The largest difference as a share of the largest expected value.
double share_apart(const Tensor& expected, const Tensor& found) {
  double max = 0, difference = 0;
  for (int64_t i = 0; i < expected.count(); ++i) {
    const double apart = std::abs(expected.data()[i] - found.data()[i]);
    max = std::max<double>(max, std::abs(expected.data()[i]));
    difference = std::isnan(apart) ? INFINITY : std::max(difference, apart);
  }
  return difference == 0 ? 0 : difference / max;
}

}  // namespace

std::vector<Sequence> GoldenRows::sequences() const {
  std::vector<Sequence> batch;
  size_t offset = 0;
  size_t rows = 0;
  for (const auto length : lengths) rows += length;
  for (const auto length : lengths) {
    Sequence sequence;
    if (!features.empty()) {
      const size_t width = features.size() / rows;
      sequence.features = std::span(features).subspan(offset * width, length * width);
      if (!maps.empty()) sequence.map = maps[batch.size()];
    } else {
      sequence.ids = std::span(ids).subspan(offset, length);
    }
    if (!type_ids.empty()) sequence.type_ids = std::span(type_ids).subspan(offset, length);
    batch.push_back(sequence);
    offset += length;
  }
  return batch;
}

Golden::Golden(const fs::path& file) {
  const Weights stored = open_safetensors(file);
  inputs = read_rows(stored, "ids");
  decoder = read_rows(stored, "decoder_ids");
  read_features(stored, inputs);
  nodes = read_group(stored, "node/");
  weights = read_group(stored, "weights/");
  prompt = read_ids(stored, "greedy/prompt");
  continuation = read_ids(stored, "greedy/ids");
  metadata = read_metadata(file);
}

TinyFolder::TinyFolder(const fs::path& folder)
    : config(nlohmann::json::parse(read_file(folder / "config.json"))) {
  const Weights stored = open_safetensors(folder / "model.safetensors");
  for (const std::string& name : stored.names()) tensors[name] = stored.f32(name);
}

Weights TinyFolder::weights() const {
  Weights weights;
  for (const auto& [name, tensor] : tensors) weights.add(name, tensor.clone());
  return weights;
}

families::FamilyGraph TinyFolder::build() const {
  const Config parsed = Config::parse("config.json", config.dump());
  return families::find_family(parsed).build(parsed, weights());
}

std::shared_ptr<const Graph> TinyFolder::compile() const {
  return std::make_shared<const Graph>(build().spec, weights());
}

void TinyFolder::save(const fs::path& folder) const {
  fs::create_directories(folder);
  std::ofstream(folder / "config.json") << config.dump();
  save_safetensors(folder / "model.safetensors", tensors);
}

std::vector<fs::path> model_folders(const std::string& group) {
  std::vector<fs::path> folders;
  for (const auto& family : fs::directory_iterator(golden_path(group))) {
    for (const auto& variant : fs::directory_iterator(family)) folders.push_back(variant.path());
  }
  std::ranges::sort(folders);
  return folders;
}

std::string model_name(const fs::path& folder) {
  return (folder.parent_path().filename() / folder.filename()).string();
}

std::vector<fs::path> openable_folders(const std::vector<std::string>& groups) {
  std::vector<fs::path> folders;
  const auto& known = families::registered();
  for (const std::string& group : groups) {
    for (const fs::path& folder : model_folders(group)) {
      const auto config = nlohmann::json::parse(read_file(folder / "config.json"));
      const std::string type = config.value("model_type", "");
      if (std::ranges::find(known, type, &families::Family::model_type) == known.end()) continue;
      folders.push_back(folder);
    }
  }
  return folders;
}

fs::path golden_path(const std::string& relative) {
  return source_path("tests/goldens/" + relative);
}

TinyFolder tiny(const std::string& name) { return TinyFolder(golden_path("models/" + name)); }

Golden golden_of(const std::string& name) {
  return Golden(golden_path("models/" + name + "/golden.safetensors"));
}

std::map<std::string, Tensor> run_traced(const std::shared_ptr<const Graph>& graph,
                                         const Golden& golden) {
  Session session(graph, {1, true});
  session.encode(golden.inputs.sequences());
  if (!golden.decoder.ids.empty()) session.decode(golden.decoder.sequences());
  std::map<std::string, ConstView> trace = session.trace();
  std::map<std::string, Tensor> kept;
  for (const NodeSummary& node : graph->nodes()) {
    const auto found = trace.find(node.name);
    if (found == trace.end()) continue;
    const bool spread = !golden.inputs.features.empty();
    kept[node.name] = keep_rows(
        found->second, spread ? spread_rows(found->second.size(0)) : rows_of(node, golden));
  }
  return kept;
}

std::string first_divergence(const Graph& graph, const Golden& golden, double tolerance) {
  const std::map<std::string, Tensor> found = run_traced(unowned(graph), golden);
  for (const auto& [name, expected] : golden.nodes) {
    if (found.count(name) == 0) return name + ": expected a node of this name, found none";
  }
  for (const NodeSummary& node : graph.nodes()) {
    const std::string& name = node.name;
    if (golden.nodes.count(name) == 0) return name + ": expected golden values, found none";
    const Tensor& expected = golden.nodes.at(name);
    if (found.at(name).shape() != expected.shape()) {
      return name + ": expected " + to_string(expected.shape()) + ", found " +
             to_string(found.at(name).shape());
    }
    const double apart = share_apart(expected, found.at(name));
    if (apart > tolerance) {
      return name + ": expected at most " + std::to_string(tolerance) +
             " of the largest value from the reference, found " + std::to_string(apart);
    }
  }
  return "";
}

double largest_difference(const Graph& graph, const Golden& golden) {
  double largest = 0;
  for (const auto& [name, found] : run_traced(unowned(graph), golden)) {
    largest = std::max(largest, share_apart(golden.nodes.at(name), found));
  }
  return largest;
}

std::vector<int32_t> decode_greedily(const std::shared_ptr<const Graph>& graph,
                                     const Golden& golden) {
  Session session(graph, {1, false});
  if (graph->spec().task == "sequence-to-sequence") {
    const Sequence source{golden.prompt, {}, {}};
    session.encode({&source, 1});
    step(session, std::span(golden.decoder.ids).first(1));
  } else {
    session.restart();
    step(session, golden.prompt);
  }
  std::vector<int32_t> ids;
  while (ids.size() < golden.continuation.size()) {
    const int64_t last = session.offsets().back() - 1;
    ids.push_back(largest(session.logits({&last, 1})));
    step(session, {&ids.back(), 1});
  }
  return ids;
}

}  // namespace locus::tests
