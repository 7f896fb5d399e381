#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "engine/weights.hpp"
#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

constexpr double tolerance = 1e-4;  // of the largest value

std::vector<int64_t> integers(const Weights& golden, const std::string& name) {
  REQUIRE(golden.at(name).type == DataType::i32);
  const auto bytes = golden.load(name);
  std::vector<int32_t> values(bytes.size() / sizeof(int32_t));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return {values.begin(), values.end()};
}

std::string joined(std::span<const int64_t> ids) {
  std::string text;
  for (const auto id : ids) text += (text.empty() ? "" : ",") + std::to_string(id);
  return text;
}

/// The inputs of sequence `which` of a golden: ids [begin, begin + count) of its batch.
struct Stretch {
  int64_t begin = 0;
  int64_t count = 0;
};

Stretch sequence(const Weights& golden, size_t which) {
  const auto lengths = integers(golden, "ids/lengths");
  Stretch stretch{0, lengths[which]};
  for (size_t i = 0; i < which; ++i) stretch.begin += lengths[i];
  return stretch;
}

double largest(std::span<const float> values) {
  double max = 0;
  for (const float value : values) max = std::max(max, std::abs(double{value}));
  return max;
}

/// A tiny model with weights so large that their sums are infinite.
std::string broken_model(const TemporaryFolder& folder) {
  const std::string model = folder / "model";
  REQUIRE(
      run({"convert", golden_model("gpt2/lm"), model, "--format", "hf", "--type", "f32"}).status ==
      0);
  std::string weights = read_text(model + "/model.safetensors");
  uint64_t header = 0;
  std::memcpy(&header, weights.data(), sizeof(header));
  std::fill(weights.begin() + static_cast<int64_t>(8 + header), weights.end(), '\x7f');
  folder.write("model/model.safetensors", weights);
  return model;
}

// Rows of the golden that lie in the sequence against the traced ones.
void check_node(const Weights& golden, const Weights& trace, const std::string& node,
                const Stretch& stretch) {
  CAPTURE(node);
  const auto expected = golden.f32("node/" + node);
  const auto found = trace.f32(node);
  const auto rows = integers(golden, "ids/rows");
  int compared = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows[i] - stretch.begin;
    if (row < 0 || row >= stretch.count) continue;
    const auto a = expected.view().row(static_cast<int64_t>(i)), b = found.view().row(row);
    double difference = 0;
    for (size_t j = 0; j < a.size(); ++j) {
      difference = std::max(difference, std::abs(double{a[j]} - b[j]));
    }
    CHECK(difference <= tolerance * largest(a));
    ++compared;
  }
  CHECK(compared > 0);
}

TEST_CASE("trace gives every node of the reference, and the standard outputs") {
  for (const std::string name : {"bert/lm", "gpt2/lm", "roformer/lm", "llama/lm"}) {
    CAPTURE(name);
    const auto golden = open_safetensors(golden_model(name) + "/golden.safetensors");
    const auto stretch = sequence(golden, 2);
    const auto all = integers(golden, "ids");
    const auto ids = std::span(all).subspan(static_cast<size_t>(stretch.begin),
                                            static_cast<size_t>(stretch.count));
    const TemporaryFolder folder;
    std::vector<std::string> arguments{"trace", golden_model(name),          "--ids", joined(ids),
                                       "--out", folder / "trace.safetensors"};
    if (golden.contains("type_ids")) {
      const auto types = integers(golden, "type_ids");
      arguments.insert(arguments.end(),
                       {"--type-ids", joined(std::span(types).subspan(
                                          static_cast<size_t>(stretch.begin), ids.size()))});
    }
    const auto result = run(arguments);
    CAPTURE(result.err);
    REQUIRE(result.status == 0);
    const auto trace = open_safetensors(folder / "trace.safetensors");
    for (const auto& node : golden.names()) {
      if (node.starts_with("node/")) check_node(golden, trace, node.substr(5), stretch);
    }
    CHECK(trace.at("logits").shape == Shape{stretch.count, 97});
    CHECK(trace.at("last_hidden_state").shape ==
          Shape{stretch.count, name == "roformer/lm" ? 30 : 60});
    CHECK(folder.names() == std::vector<std::string>{"trace.safetensors"});
  }
}

TEST_CASE("an encoder-decoder is traced with its decoder") {
  const TemporaryFolder folder;
  const auto out = folder / "trace.safetensors";
  CHECK(run({"trace", golden_model("t5/lm"), "--ids", "5,6,7,1", "--decoder-ids", "0,9", "--out",
             out})
            .status == 0);
  const auto trace = open_safetensors(out);
  CHECK(trace.at("encoder_last_hidden_state").shape == Shape{4, 30});
  CHECK(trace.at("last_hidden_state").shape == Shape{2, 30});
  CHECK(trace.at("logits").shape == Shape{2, 97});
  const auto started = run({"trace", golden_model("t5/lm"), "--ids", "5,6", "--json"}).json();
  CHECK(started["tensors"]["logits"]["shape"] == nlohmann::json::array({1, 97}));
}

TEST_CASE("the pooler's output has no row of the batch") {
  const auto document =
      run({"trace", golden_model("bert/bare"), "--ids", "5,6,7", "--json"}).json();
  const auto& tensors = document["tensors"];
  CHECK(tensors["pooler_output"]["shape"] == nlohmann::json::array({30}));
  CHECK(tensors["pooler_output"]["values"].size() == 30);
  CHECK(tensors["last_hidden_state"]["shape"] == nlohmann::json::array({3, 30}));
}

TEST_CASE("a discriminator's logits are one number for each token, as in the reference") {
  const auto document =
      run({"trace", golden_model("electra/discriminator"), "--ids", "5,6,7", "--json"}).json();
  const auto& tensors = document["tensors"];
  CHECK(tensors["logits"]["shape"] == nlohmann::json::array({3}));
  CHECK(tensors["discriminator_predictions.dense_prediction"]["shape"] ==
        nlohmann::json::array({3, 1}));
}

TEST_CASE("a rotation that follows the length reads more than the config's positions") {
  std::string ids = "5";
  for (int more = 1; more < 20; ++more) ids += ",6";  // of 16
  const auto result = run({"trace", golden_model("llama/dynamic"), "--ids", ids, "--json"});
  REQUIRE(result.status == 0);
  CHECK(result.json()["tensors"]["logits"]["shape"] == nlohmann::json::array({20, 97}));
}

TEST_CASE("positions and types of the user are used") {
  const auto model = golden_model("bert/lm");
  const auto logits = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"trace", model, "--ids", "5,6,7", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments).json()["tensors"]["logits"]["values"];
  };
  const auto usual = logits({});
  CHECK(logits({"--position-ids", "0,1,2", "--type-ids", "0,0,0"}) == usual);
  CHECK(logits({"--position-ids", "0,1,5"}) != usual);
  CHECK(logits({"--type-ids", "0,1,1"}) != usual);
  const auto few = run({"trace", model, "--ids", "5,6,7", "--type-ids", "0,1"});
  CHECK(few.status == 1);
  CHECK(few.err == "locus: --type-ids: expected 3 values, one for each id, found 2\n");
}

TEST_CASE("the same bits come out for any number of threads") {
  const auto model = golden_model("gpt2/lm");
  const auto trace = [&](const char* threads) {
    return run({"trace", model, "--ids", "5,6,7,8,9", "--threads", threads, "--json"}).out;
  };
  CHECK(trace("1") == trace("2"));
}

TEST_CASE("values that are no numbers are printed, not written, and end with status 1") {
  const TemporaryFolder folder;
  const auto model = broken_model(folder);
  for (const bool json : {false, true}) {
    std::vector<std::string> arguments{"trace", model, "--ids", "1,2"};
    if (json) arguments.emplace_back("--json");
    const auto result = run(arguments);
    CAPTURE(result.err);
    CHECK(result.status == 1);
    CHECK_FALSE(result.out.empty());
    CHECK(result.err.find(": expected finite values, found infinity or NaN, as in ") !=
          std::string::npos);
  }
  const auto written = run({"trace", model, "--ids", "1,2", "--out", folder / "trace"});
  CHECK(written.status == 1);
  CHECK(written.err.find(": expected finite values, found ") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder / "trace"));
}

TEST_CASE("vectors that are no numbers are not printed") {
  const TemporaryFolder folder;
  const auto result = run({"embed", broken_model(folder), "--ids", "1,2", "--json"});
  CHECK(result.status == 1);
  CHECK(result.out.empty());
  CHECK(result.err == "locus: embed: expected finite vectors, found infinity or NaN\n");
}

TEST_CASE("what is no number agrees with no reference") {
  const TemporaryFolder folder;
  const std::string whole = folder / "whole";
  REQUIRE(run({"trace", golden_model("gpt2/lm"), "--ids", "1,2", "--out", whole}).status == 0);
  CHECK(run({"bisect", broken_model(folder), whole, "--json"}).json()["first"].is_string());
}

}  // namespace
}  // namespace locus::tests
