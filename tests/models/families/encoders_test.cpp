// Facts about BERT's relatives that a nearly right implementation gets wrong.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {
namespace {

std::map<std::string, Tensor> trace_of(const std::string& name, const Sequence& sequence) {
  const auto graph = tiny(name).compile();
  Session session(graph, {1, true});
  session.encode({&sequence, 1});
  std::map<std::string, Tensor> trace;
  for (const auto& [node, view] : session.trace()) {
    Tensor copy({view.size(0), view.size(1)});
    for (int64_t row = 0; row < view.size(0); ++row) {
      std::ranges::copy(view.row(row), copy.view().row(row).begin());
    }
    trace.emplace(node, std::move(copy));
  }
  return trace;
}

/// What is added to token vectors, by row.
Tensor added_positions(const std::string& name, const std::vector<int32_t>& ids) {
  const auto trace = trace_of(name, {ids, {}, {}});
  Tensor added = trace.at("embeddings.position").clone();
  const Tensor& before = trace.at("embeddings.add");
  for (int64_t i = 0; i < added.count(); ++i) added.values()[i] -= before.values()[i];
  return added;
}

double apart(std::span<const float> a, std::span<const float> b) {
  double max = 0;
  for (size_t i = 0; i < a.size(); ++i) max = std::max<double>(max, std::abs(a[i] - b[i]));
  return max;
}

}  // namespace

TEST_CASE("ESM turns by the frequencies that a file rounded, and refuses those of another base") {
  TinyFolder folder(golden_path("models5/esm/half"));
  const auto weights = [&] { return folder.build().spec.encodings.at("position").weights; };
  const std::string name = "esm.encoder.layer.*.attention.self.rotary_embeddings.inv_freq";
  CHECK(weights().at("frequencies").name == name);
  Tensor& stored = folder.tensors.at(name);
  for (int64_t k = 0; k < stored.count(); ++k) {
    stored.values()[k] = static_cast<float>(std::pow(10000.0, -static_cast<double>(k) / 10));
  }
  CHECK(weights().empty());
  stored.values()[3] *= 1.5f;
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("by a base of 10000"), Error);
  folder.tensors.erase(name);
  CHECK(weights().empty());
}

TEST_CASE("RoBERTa's first position is the row after that of padding, and padding counts none") {
  TinyFolder folder = tiny("roberta/bare");
  const Tensor& table = folder.tensors.at("embeddings.position_embeddings.weight");
  const std::vector<int32_t> ids{5, 1, 17, 1, 90};
  const std::vector<int64_t> rows{2, 1, 3, 1, 4};
  const Tensor added = added_positions("roberta/bare", ids);
  for (int64_t token = 0; token < 5; ++token) {
    CHECK(apart(added.view().row(token), table.view().row(rows[token])) < 1e-5);
  }
}

TEST_CASE("a RoBERTa of 78 rows takes 76 tokens, and one of padding 3 takes 74") {
  CHECK(tiny("roberta/lm").compile()->max_length() == 76);
  CHECK(tiny("roberta/padding").compile()->max_length() == 74);
  CHECK(tiny("mpnet/lm").compile()->max_length() == 78);
  CHECK(tiny("roberta/lm").build().spec.context == 76);
}

TEST_CASE("goldens of RoBERTa and MPNet hold the padding id among their tokens") {
  for (const auto& [name, padding] :
       {std::pair{"roberta/lm", 1}, {"roberta/padding", 3}, {"mpnet/lm", 1}}) {
    const auto& shown = name;
    CAPTURE(shown);
    const auto ids = golden_of(name).inputs.ids;
    CHECK(std::ranges::find(ids, padding) != ids.end());
  }
}

TEST_CASE("padding that the caller gives positions for counts as they say") {
  const std::vector<int32_t> ids{5, 1, 17};
  const std::vector<float> given{0, 1, 2};
  const auto trace = trace_of("roberta/bare", {ids, {}, given});
  const TinyFolder folder = tiny("roberta/bare");
  const Tensor& table = folder.tensors.at("embeddings.position_embeddings.weight");
  const auto row = trace.at("embeddings.position").view().row(1);
  std::vector<float> expected(row.begin(), row.end());
  const auto before = trace.at("embeddings.add").view().row(1);
  for (size_t i = 0; i < expected.size(); ++i) expected[i] -= before[i];
  CHECK(apart(expected, table.view().row(3)) < 1e-5);
}

TEST_CASE("RoBERTa, XLM-R and CamemBERT take 1e-12 where a config leaves the epsilon out") {
  for (const char* name : {"roberta/lm", "xlm-roberta/lm", "camembert/lm", "electra/generator",
                           "albert/lm", "mpnet/lm"}) {
    CAPTURE(name);
    TinyFolder folder = tiny(name);
    folder.config.erase("layer_norm_eps");
    for (const NodeSpec& node : folder.build().spec.nodes) {
      if (node.kind == "norm") CHECK(node.attributes.number(node.name, "epsilon") == 1e-12);
    }
  }
}

TEST_CASE("the gelu of RoBERTa's and MPNet's masked head is not the config's activation") {
  for (const char* name : {"roberta/lm", "mpnet/lm"}) {
    CAPTURE(name);
    const TinyFolder folder = tiny(name);
    CHECK(folder.config.at("hidden_act") == "relu");
    const GraphSpec spec = folder.build().spec;
    CHECK(spec.node("lm_head.activation").attributes.text(name, "activation") == "gelu");
  }
}

TEST_CASE("ELECTRA and ALBERT add positions at the width of their token vectors") {
  for (const auto& [name, path] :
       {std::pair{"electra/generator", "electra."}, {"albert/lm", "albert."}}) {
    const auto& shown = name;
    CAPTURE(shown);
    const auto graph = tiny(name).compile();
    for (const NodeSummary& node : graph->nodes()) {
      if (node.name == std::string(path) + "embeddings.position") CHECK(node.width == 14);
    }
    ModelOptions options;
    options.encoding = "sinusoidal";
    CHECK_NOTHROW(Model::open(golden_path(std::string("models/") + name), options));
  }
}

TEST_CASE("five layers of two groups are three of the first and two of the second (ALBERT)") {
  const GraphSpec spec = tiny("albert/lm").build().spec;
  std::vector<char> groups;
  for (const NodeSpec& node : spec.nodes) {
    if (node.kind != "attention") continue;
    const std::string& weight = node.weights.at("query").name;
    groups.push_back(weight[weight.find("groups.") + 7]);
  }
  CHECK(groups == std::vector<char>{'0', '0', '0', '1', '1'});
}

TEST_CASE("MPNet has T5's buckets and absolute positions, and scales by 1/sqrt(d)") {
  const GraphSpec spec = tiny("mpnet/lm").build().spec;
  CHECK(to_string(spec.encodings.at("position").chain) == "learned:offset=2+t5");
  for (const NodeSpec& node : spec.nodes) {
    if (node.kind == "attention") CHECK_FALSE(node.attributes.contains("scale"));
  }
}

TEST_CASE("start and end logits are the two rows of one head") {
  const auto graph = tiny("bert/answer").compile();
  CHECK(graph->spec().task == "question-answering");
  CHECK(graph->spec().outputs.at("start_logits") == "qa_outputs.start");
  CHECK(graph->spec().outputs.at("end_logits") == "qa_outputs.end");
  const std::vector<int32_t> ids{5, 17, 90};
  Session session(graph, {1, false});
  const Sequence sequence{ids, {}, {}};
  session.encode({&sequence, 1});
  CHECK(session.output("start_logits").size(0) == 3);
  CHECK(session.output("end_logits").size(1) == 1);
}

TEST_CASE("what the classes of a sequence are to each other is the graph's task") {
  const std::map<std::string, std::string> tasks{{"bert/sequence", "multi-label-classification"},
                                                 {"nezha/sequence", "sequence-regression"},
                                                 {"roformer/sequence", "sequence-classification"}};
  for (const auto& [name, task] : tasks) CHECK(tiny(name).build().spec.task == task);
}

TEST_CASE("a summary whose activation is null has none, absent it has the class's") {
  TinyFolder folder = tiny("electra/choice");
  const std::string node = "sequence_summary.activation";
  const auto activation = [&] {
    return folder.build().spec.node(node).attributes.text(node, "activation", "identity");
  };
  folder.config.erase("summary_activation");
  CHECK(activation() == "gelu");
  folder.config["summary_activation"] = nullptr;
  CHECK(activation() == "identity");
  folder.config["summary_activation"] = "";
  CHECK(activation() == "identity");
}

TEST_CASE("a summary without a projection has no activation, or is refused") {
  TinyFolder folder = tiny("electra/choice");
  folder.config["summary_use_proj"] = false;
  folder.config["summary_activation"] = "tanh";
  CHECK_THROWS_WITH_AS(
      folder.build(),
      "config.json: expected 'summary_use_proj' to be true where there is a 'summary_activation', "
      "found false",
      Error);
  folder.config["summary_activation"] = nullptr;
  const auto& nodes = folder.build().spec.nodes;
  CHECK(std::ranges::none_of(
      nodes, [](const NodeSpec& node) { return node.name == "sequence_summary.activation"; }));
}

}  // namespace locus::tests
