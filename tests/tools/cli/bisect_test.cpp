#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "engine/weights.hpp"
#include "models/model.hpp"
#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"
#include "tools/cli/verbs/bisect/bisect.hpp"

namespace locus::tests {
namespace {

const std::string rotary_model = source_path("weights/causal-rope").string();
const std::string traced_ids = "1,432,500,600,700,800,900,1000";

/// What a model gives for `traced_ids`, in a file.
std::string trace_of(const TemporaryFolder& folder, const std::string& model = rotary_model) {
  const std::string file = folder / "reference.safetensors";
  REQUIRE(run({"trace", model, "--ids", traced_ids, "--out", file}).status == 0);
  return file;
}

/// A copy of a shipped model with one value of its config changed.
std::string model_with(const TemporaryFolder& folder, const std::string& model,
                       const nlohmann::json& changes) {
  const std::string copy = folder / "model";
  std::filesystem::copy(source_path("weights/" + model), copy);
  auto config = nlohmann::json::parse(read_text(copy + "/config.json"));
  config.update(changes);
  std::ofstream(copy + "/config.json") << config.dump();
  return copy;
}

/// The first cause where the config was wrong.
std::string cause_of(const std::string& model, const nlohmann::json& changes) {
  const TemporaryFolder folder;
  const auto reference = trace_of(folder, source_path("weights/" + model).string());
  const auto found = run({"bisect", model_with(folder, model, changes), reference, "--tolerance",
                          "1e-6", "--json"})
                         .json();
  return found["causes"][0];
}

TEST_CASE("a model agrees with its own trace at every node") {
  const TemporaryFolder folder;
  const auto reference = trace_of(folder);
  const auto found = run({"bisect", rotary_model, reference, "--ids", traced_ids, "--json"}).json();
  CHECK(found["first"].is_null());
  CHECK(found["causes"].empty());
  CHECK(found["nodes"].size() > 20);
  for (const auto& node : found["nodes"]) CHECK(node["largest"] == 0);
  const auto text = run({"bisect", rotary_model, reference, "--ids", traced_ids});
  CHECK(text.out.find("nodes agree to 0.0001") != std::string::npos);
}

TEST_CASE("another pairing of RoPE is found in the first attention, with its cause") {
  const TemporaryFolder folder;
  const auto reference = trace_of(folder);
  const auto found =
      run({"bisect", rotary_model, reference, "--ids", traced_ids, "--encoding", "rope", "--json"})
          .json();
  CHECK(found["first"] == "gpt_neox.layers.0.attention.dense");
  CHECK(found["causes"].dump().find("pairing") != std::string::npos);
  CHECK(found["nodes"][0]["relative"] == 0);
}

TEST_CASE("bisect reads ids and drops the batch of a dump of transformers") {
  const TemporaryFolder folder;
  const std::string file = folder / "reference.safetensors";
  const auto trace = open_safetensors(trace_of(folder));
  std::map<std::string, Tensor> tensors;
  const Tensor hidden = trace.f32("gpt_neox.layers.0");
  tensors.emplace("gpt_neox.layers.0",
                  Tensor({1, hidden.shape()[0], hidden.shape()[1]}, hidden.values()));
  save_safetensors(file, tensors);
  const auto found = run({"bisect", rotary_model, file, "--ids", traced_ids, "--json"}).json();
  CHECK(found["first"].is_null());
  CHECK(found["nodes"].size() == 1);
}

TEST_CASE("a trace holds what it read, and bisect takes it from there") {
  const TemporaryFolder folder;
  const auto found = run({"bisect", rotary_model, trace_of(folder), "--json"}).json();
  CHECK(found["first"].is_null());
  CHECK(found["not_in_graph"].empty());
  const std::string decoder = source_path("weights/span-t5").string();
  const std::string file = folder / "decoder.safetensors";
  REQUIRE(
      run({"trace", decoder, "--ids", traced_ids, "--decoder-ids", "0,7,9,22,31", "--out", file})
          .status == 0);
  CHECK(run({"bisect", decoder, file, "--json"}).json()["first"].is_null());
  const auto other =
      run({"bisect", decoder, file, "--decoder-ids", "0,7,9,22,30", "--json"}).json();
  CHECK(other["first"] == "decoder.embed_tokens");
}

TEST_CASE("features and images of a trace are found again") {
  const TemporaryFolder folder;
  const std::string file = folder / "reference.safetensors";
  for (const std::string name : {"feature-encoder/bare", "swin/images"}) {
    CAPTURE(name);
    const auto model = Model::open(golden_model(name));
    const bool image = model->graph()->input().kind == GraphInput::Kind::map;
    const int64_t rows = image ? 12 : 5, width = model->graph()->input().width;
    nlohmann::json features = nlohmann::json::array();
    for (int64_t i = 0; i < rows; ++i) {
      nlohmann::json row = nlohmann::json::array();
      for (int64_t j = 0; j < width; ++j) row.push_back(0.01 * static_cast<double>(i * j % 7));
      features.push_back(row);
    }
    if (image) features = nlohmann::json(12, features);
    std::ofstream(folder / "features.json") << features.dump();
    REQUIRE(
        run({"trace", golden_model(name), "--features", folder / "features.json", "--out", file})
            .status == 0);
    CHECK(run({"bisect", golden_model(name), file, "--json"}).json()["first"].is_null());
  }
}

TEST_CASE("types and positions of a trace are found again, and may be given") {
  const TemporaryFolder folder;
  const std::string model = source_path("weights/masked-learned").string();
  const std::string file = folder / "reference.safetensors";
  const std::string types = "0,0,0,1,1,1,1,1", positions = "0,1,2,3,4,5,6,8";
  REQUIRE(run({"trace", model, "--ids", traced_ids, "--type-ids", types, "--position-ids",
               positions, "--out", file})
              .status == 0);
  CHECK(run({"bisect", model, file, "--json"}).json()["first"].is_null());
  const auto position = run({"bisect", model, file, "--position-ids", "0,1,2,3,4,5,6,7", "--json"});
  CHECK(position.json()["first"] == "bert.embeddings.position");
  const auto type = run({"bisect", model, file, "--type-ids", "0,0,0,0,0,0,0,0", "--json"});
  CHECK(type.json()["first"] == "bert.embeddings.token_type_embeddings");
}

TEST_CASE("a ratio of about one is no scale: GELU's form and the epsilon are named") {
  CHECK(cause_of("causal-rope", {{"hidden_act", "gelu"}}).find("GELU") != std::string::npos);
  CHECK(cause_of("causal-rope", {{"layer_norm_eps", 2e-5}}).find("epsilon") != std::string::npos);
  CHECK(cause_of("causal-rope", {{"layer_norm_eps", 1e-3}}).find("epsilon") != std::string::npos);
}

TEST_CASE("the scale of scores is among the causes of a causal attention") {
  const auto cause = [](const nlohmann::json& changes) {
    const TemporaryFolder folder;
    const auto reference = trace_of(folder, source_path("weights/causal-learned").string());
    const auto found =
        run({"bisect", model_with(folder, "causal-learned", changes), reference, "--json"}).json();
    return found["causes"].dump();
  };
  CHECK(cause({{"scale_attn_weights", false}}).find("the scale of scores") != std::string::npos);
  CHECK(cause({{"scale_attn_by_inverse_layer_idx", true}}).find("what differs by layer") !=
        std::string::npos);
}

TEST_CASE("a reference in 16 bits is seen in its values") {
  const TemporaryFolder folder;
  const std::string file = folder / "short.safetensors";
  const auto trace = open_safetensors(trace_of(folder));
  std::map<std::string, Tensor> tensors;
  for (const std::string& name : trace.names()) tensors.emplace(name, trace.f32(name));
  SafetensorsOptions options;
  options.type = DataType::f16;
  save_safetensors(file, tensors, options);
  const auto found = run({"bisect", rotary_model, file, "--json"}).json();
  CHECK(found["causes"][0].get<std::string>().starts_with("a reference in f16"));
}

TEST_CASE("bisect refuses what is no reference") {
  const TemporaryFolder folder;
  const auto weights = rotary_model + "/model.safetensors";
  const auto without_ids = run({"bisect", rotary_model, weights});
  CHECK(without_ids.status == 1);
  CHECK(without_ids.err.find("expected a tensor 'ids' or 'input_ids', or --ids or --text") !=
        std::string::npos);
  const auto without_nodes = run({"bisect", rotary_model, weights, "--ids", traced_ids});
  CHECK(without_nodes.status == 1);
  CHECK(without_nodes.err.find("expected tensors named as nodes are") != std::string::npos);
  CHECK(run({"bisect", rotary_model, folder / "none.safetensors"}).status == 1);
  CHECK(run({"bisect", rotary_model}).status == 2);
}

std::string listed_causes(const std::vector<std::string>& causes) {
  std::string text;
  for (const std::string& cause : causes) text += cause + "\n";
  return text;
}

struct Sample {
  std::vector<float> found, expected;
};

std::string causes(const std::string& kind, const Sample& sample,
                   const std::string& visibility = "all") {
  NodeSpec node;
  node.attributes.set("visibility", visibility);
  node.name = "node";
  node.kind = kind;
  const auto rows = static_cast<int64_t>(sample.found.size()) / 4;
  const cli::NodePair pair{node, ConstView(sample.found.data(), {rows, 4}),
                           ConstView(sample.expected.data(), {rows, 4})};
  cli::NodeMatch match;
  match.relative = 0.5;
  return listed_causes(cli::likely_causes(pair, match));
}

std::string first_cause(const std::string& kind, const Sample& sample) {
  const std::string all = causes(kind, sample);
  return all.substr(0, all.find('\n'));
}

TEST_CASE("a scale, an offset and another order are seen in the values") {
  const std::vector<float> rows{1, 5, 2, 8, 3, -1, 7, 2, 4, 4, 9, 1, -6, 2, 0, 3, 8, 8, 1, 2};
  std::vector<float> doubled;
  for (const float value : rows) doubled.push_back(2 * value);
  CHECK(first_cause("embedding", {rows, doubled}).find("2 times as large") != std::string::npos);
  std::vector<float> later(rows.begin() + 4, rows.end());
  later.insert(later.end(), {9, 9, 9, 9});
  CHECK(first_cause("position", {rows, later}).find("row r + 1 here") != std::string::npos);
  std::vector<float> reordered;
  for (size_t i = 0; i < rows.size(); i += 4) {
    for (const size_t j : {0, 2, 1, 3}) reordered.push_back(rows[i + j]);
  }
  CHECK(first_cause("position", {rows, reordered}).find("another order") != std::string::npos);
}

TEST_CASE("rows that agree say what an attention does otherwise") {
  const std::vector<float> rows{1, 5, 2, 8, 3, -1, 7, 2, 4, 4, 9, 1};
  std::vector<float> first = rows, last = rows;
  first[0] += 1, first[5] -= 2;
  last[5] -= 2, last[9] += 1;
  CHECK(first_cause("attention", {rows, first}).find("may see") != std::string::npos);
  CHECK(first_cause("attention", {rows, last}).find("distance") != std::string::npos);
  CHECK(causes("attention", {rows, last}, "causal").find("scale of scores") != std::string::npos);
  std::vector<float> third = rows;
  third[9] += 1;
  CHECK(causes("attention", {rows, third}, "causal").find("window") != std::string::npos);
}

}  // namespace
}  // namespace locus::tests
