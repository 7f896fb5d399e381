#include <doctest/doctest.h>

#include "engine/weights.hpp"
#include "tests/support/paths.hpp"
#include "tests/tools/command.hpp"
#include "tools/cli/bisect.hpp"

namespace locus::tests {
namespace {

const std::string rotary_model = source_path("weights/causal-rope").string();
const std::string traced_ids = "1,432,500,600,700,800,900,1000";

/// What the model gives for `traced_ids`, in a file.
std::string trace_of(const TemporaryFolder& folder) {
  const std::string file = folder / "reference.safetensors";
  REQUIRE(run({"trace", rotary_model, "--ids", traced_ids, "--out", file}).status == 0);
  return file;
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

struct Sample {
  std::vector<float> found, expected;
};

std::string first_cause(const std::string& kind, const Sample& sample) {
  NodeSpec node;
  node.name = "node";
  node.kind = kind;
  const auto rows = static_cast<int64_t>(sample.found.size()) / 4;
  const cli::NodePair pair{node, ConstView(sample.found.data(), {rows, 4}),
                           ConstView(sample.expected.data(), {rows, 4})};
  cli::NodeMatch match;
  match.relative = 0.5;
  return cli::likely_causes(pair, match).front();
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
}

}  // namespace
}  // namespace locus::tests
