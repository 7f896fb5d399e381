// Facts about BERT and RoFormer that a nearly right implementation gets wrong.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {
namespace {

std::vector<float> last_hidden_state(const std::shared_ptr<const Graph>& graph,
                                     const Sequence& sequence) {
  Session session(graph, {1, false});
  session.encode({&sequence, 1});
  const ConstView state = session.output("last_hidden_state");
  return {state.data, state.data + state.count()};
}

const std::vector<int32_t> ids{5, 17, 90, 2, 41};

}  // namespace

TEST_CASE("an epsilon that a config leaves out is the default of its own class") {
  const std::map<std::string, std::pair<std::string, double>> defaults{
      {"bert/bare", {"layer_norm_eps", 1e-12}},    {"roformer/bare", {"layer_norm_eps", 1e-12}},
      {"gpt2/bare", {"layer_norm_epsilon", 1e-5}}, {"t5/encoder", {"layer_norm_epsilon", 1e-6}},
      {"llama/lm", {"rms_norm_eps", 1e-6}},        {"neox/lm", {"layer_norm_eps", 1e-5}},
  };
  for (const auto& [each, key] : defaults) {
    const std::string name = each;
    CAPTURE(name);
    TinyFolder folder = tiny(name);
    folder.config.erase(key.first);
    int norms = 0;
    for (const double epsilon : {key.second, 0.125}) {
      if (epsilon == 0.125) folder.config[key.first] = epsilon;
      for (const NodeSpec& node : folder.build().spec.nodes) {
        if (node.kind != "norm") continue;
        CHECK(node.attributes.number(node.name, "epsilon") == epsilon);
        ++norms;
      }
    }
    CHECK(norms >= 10);
  }
}

TEST_CASE(
    "an epsilon of 1e-12 and one of 1e-3 differ in a golden, so that the right one is tested") {
  TinyFolder folder = tiny("bert/pretraining");
  CHECK(folder.config.at("layer_norm_eps") == 1e-3);
  folder.config["layer_norm_eps"] = 1e-12;
  CHECK(first_divergence(*folder.compile(), golden_of("bert/pretraining"), 1e-4)
            .starts_with("bert.embeddings.LayerNorm"));
}

TEST_CASE("gelu is the exact form and gelu_new the tanh form") {
  for (const auto& [each, right, wrong] :
       {std::tuple{"bert/lm", "gelu", "gelu_new"}, {"bert/pretraining", "gelu_new", "gelu"}}) {
    const std::string name = each;
    CAPTURE(name);
    TinyFolder folder = tiny(name);
    folder.config["hidden_act"] = right;
    CHECK(first_divergence(*folder.compile(), golden_of(name), 1e-4) == "");
    folder.config["hidden_act"] = wrong;
    CHECK(first_divergence(*folder.compile(), golden_of(name), 1e-4)
              .starts_with("bert.encoder.layer.0.output.dense"));
  }
}

TEST_CASE("a table of 514 rows with two before position 0 serves 512 positions") {
  TinyFolder folder = tiny("bert/bare");
  folder.config["locus"]["encoding"] = "learned:offset=2";
  Tensor table({514, 30});
  for (int64_t row = 0; row < 514; ++row) table.view()(row, 0) = static_cast<float>(row);
  folder.tensors["embeddings.position.table"] = std::move(table);
  const auto graph = folder.compile();
  CHECK(graph->max_length() == 512);
  Session session(graph, {1, true});
  const Sequence sequence{ids, {}, {}};
  session.encode({&sequence, 1});
  const auto trace = session.trace();
  const ConstView before = trace.at("embeddings.add"), after = trace.at("embeddings.position");
  for (int64_t row = 0; row < 5; ++row) {
    CHECK(after(row, 0) - before(row, 0) == doctest::Approx(row + 2).epsilon(1e-5));
  }
}

TEST_CASE("positions given by the caller count from the padding row of each sequence") {
  const auto graph = tiny("bert/bare").compile();
  const std::vector<float> shifted{3, 4, 5, 6, 7};
  const std::vector<int32_t> longer{1, 1, 1, 5, 17, 90, 2, 41};
  Session session(graph, {1, true});
  const Sequence sequence{ids, {}, shifted}, padded{longer, {}, {}};
  session.encode(std::vector{sequence, padded});
  const auto trace = session.trace();
  const ConstView position = trace.at("embeddings.position");
  for (int64_t row = 0; row < 5; ++row) {
    CHECK(std::ranges::equal(position.row(row), position.row(row + 5 + 3)));
  }
}

TEST_CASE("token types change the result, and none given are zeros") {
  const auto graph = tiny("bert/bare").compile();
  const std::vector<int32_t> zeros(5, 0), pair{0, 0, 1, 1, 2};
  const auto plain = last_hidden_state(graph, {ids, {}, {}});
  CHECK(last_hidden_state(graph, {ids, zeros, {}}) == plain);
  CHECK(last_hidden_state(graph, {ids, pair, {}}) != plain);
}

TEST_CASE("gamma, beta, missing prefixes and an NSP head of old files are understood") {
  const TinyFolder folder = tiny("bert/pretraining");
  CHECK(folder.tensors.count("embeddings.LayerNorm.gamma") == 1);
  CHECK(folder.tensors.count("cls.seq_relationship.weight") == 1);
  CHECK(folder.tensors.count("cls.predictions.decoder.weight") == 0);  // tied
  CHECK(folder.tensors.count("cls.predictions.bias") == 1);            // and yet a bias of its own
  const auto model = Model::open(golden_path("models/bert/pretraining"));
  const auto& used = model->graph()->weights_used();
  CHECK(std::ranges::count(used, "embeddings.LayerNorm.beta") == 1);
  CHECK(std::ranges::count(used, "cls.seq_relationship.weight") == 0);
  CHECK(std::ranges::count(used, "cls.predictions.bias") == 1);
}

TEST_CASE("a prefix makes no difference to what is computed") {
  TinyFolder folder = tiny("bert/lm");
  std::map<std::string, Tensor> renamed;
  for (auto& [name, tensor] : folder.tensors) {
    renamed[name.starts_with("bert.") ? name.substr(5) : name] = std::move(tensor);
  }
  folder.tensors = std::move(renamed);
  CHECK(first_divergence(*folder.compile(), golden_of("bert/lm"), 1e-4) == "");
}

TEST_CASE("company in a batch changes no bit of a sequence, pooled or not") {
  const auto graph = tiny("bert/bare").compile();
  const Golden golden = golden_of("bert/bare");
  const std::vector<Sequence> batch = golden.inputs.sequences();
  Session together(graph, {1, false}), alone(graph, {1, false});
  together.encode(batch);
  const std::vector<int64_t> offsets(together.offsets().begin(), together.offsets().end());
  for (size_t index = 0; index < batch.size(); ++index) {
    alone.encode({&batch[index], 1});
    const ConstView whole = together.output("last_hidden_state");
    const ConstView part = alone.output("last_hidden_state");
    for (int64_t row = 0; row < part.size(0); ++row) {
      CHECK(std::ranges::equal(part.row(row), whole.row(offsets[index] + row)));
    }
    CHECK(std::ranges::equal(alone.output("pooler_output").row(0),
                             together.output("pooler_output").row(static_cast<int64_t>(index))));
  }
}

TEST_CASE("relative_key models take no position from the unused table that files may hold") {
  TinyFolder folder = tiny("bert/relative-key");
  CHECK(folder.tensors.count("embeddings.position_embeddings.weight") == 1);
  folder.tensors["embeddings.position_embeddings.weight"].values()[0] += 1000;
  CHECK(first_divergence(*folder.compile(), golden_of("bert/relative-key"), 1e-4) == "");
}

TEST_CASE("RoFormer pairs neighbours, Llama and NeoX pair halves") {
  const std::map<std::string, std::string> layouts{
      {"roformer/lm", "interleaved"}, {"llama/lm", "half"}, {"neox/lm", "half"}};
  for (const auto& [each, layout] : layouts) {
    const std::string name = each;
    CAPTURE(name);
    const TinyFolder folder = tiny(name);
    GraphSpec spec = folder.build().spec;
    const auto& chain = spec.encodings.at("position").chain;
    REQUIRE(chain.size() == 1);
    CHECK(chain[0].parameters.text(name, "pairing") == layout);
    const std::string wrong = layout == "half" ? "interleaved" : "half";
    spec.encodings.at("position").chain[0].parameters.set("pairing", wrong);
    const Graph graph(spec, folder.weights());
    const std::string divergence = first_divergence(graph, golden_of(name), 1e-4);
    const std::string node = divergence.substr(0, divergence.find(':'));
    CHECK(spec.node(node).kind == "attention");
  }
}

TEST_CASE("RoFormer adds no position, normalises narrow vectors and may rotate values") {
  const TinyFolder folder = tiny("roformer/narrow");
  CHECK(folder.config.at("embedding_size") == 14);
  const auto model = Model::open(golden_path("models/roformer/narrow"));
  for (const NodeSummary& node : model->graph()->nodes()) {
    if (node.name == "roformer.embeddings.LayerNorm") CHECK(node.width == 14);
    if (node.name == "roformer.embeddings_project") CHECK(node.width == 20);
  }
  const auto& parameters = model->spec().encodings.at("position").chain.at(0).parameters;
  CHECK(parameters.boolean("rope", "rotate_value", false));
  const Golden golden = golden_of("roformer/narrow");
  const auto trace = run_traced(model->graph(), golden);
  CHECK(std::ranges::equal(trace.at("roformer.encoder.position").values(),
                           trace.at("roformer.embeddings_project").values()));
}

TEST_CASE("the default length of a RoFormer is 1536") {
  TinyFolder folder = tiny("roformer/bare");
  folder.config.erase("max_position_embeddings");
  folder.tensors.erase("encoder.embed_positions.weight");  // of 80 rows
  CHECK(folder.build().spec.context == 1536);
}

TEST_CASE("NeoX turns the share of each head that rotary_pct says, a quarter by default") {
  TinyFolder folder = tiny("neox/lm");
  const auto rotated = [&] {
    const GraphSpec spec = folder.build().spec;
    return spec.encodings.at("position").chain.at(0).parameters.integer("rope", "dimensions");
  };
  folder.config["num_attention_heads"] = 3;  // heads of 20
  folder.config["rotary_pct"] = 0.5;
  CHECK(rotated() == 10);
  folder.config["rotary_pct"] = 0.3;
  CHECK(rotated() == 6);
  folder.config["num_attention_heads"] = 15;  // heads of 4
  CHECK_THROWS_WITH_AS(rotated(), doctest::Contains("'rotary_pct'"), Error);
  folder.config["num_attention_heads"] = 1;
  folder.config["hidden_size"] = 60;
  folder.config.erase("rotary_pct");
  CHECK_THROWS_WITH_AS(rotated(), doctest::Contains("found 0.25"), Error);  // 15 values
}

}  // namespace locus::tests
