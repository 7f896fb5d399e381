// Facts about GPT-2, Llama and GPT-NeoX that a nearly right implementation gets wrong.
#include <doctest/doctest.h>

#include <algorithm>

#include "engine/graph/weight_source.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

Tensor resolve(const TinyFolder& folder, const NodeSpec& node, const std::string& slot) {
  const Weights weights = folder.weights();
  return graph::WeightSource(weights).take(node.weights.at(slot),
                                           Shape(slot.ends_with("bias") ? 1 : 2, -1));
}

}  // namespace

TEST_CASE("GPT-2 stores its matrices as [in, out], and Q, K and V side by side") {
  const TinyFolder folder = tiny("gpt2/lm");
  const NodeSpec node = folder.build().spec.node("transformer.h.0.attn.c_proj");
  const Tensor& fused = folder.tensors.at("transformer.h.0.attn.c_attn.weight");
  const Tensor& bias = folder.tensors.at("transformer.h.0.attn.c_attn.bias");
  REQUIRE(fused.shape() == Shape{60, 180});
  const char* slots[] = {"query", "key", "value"};
  for (int64_t part = 0; part < 3; ++part) {
    const Tensor taken = resolve(folder, node, slots[part]);
    const Tensor taken_bias = resolve(folder, node, slots[part] + std::string("_bias"));
    REQUIRE(taken.shape() == Shape{60, 60});
    for (const auto& [out, in] : {std::pair<int64_t, int64_t>{0, 0}, {7, 59}, {59, 3}}) {
      CHECK(taken.view()(out, in) == fused.view()(in, 60 * part + out));
      CHECK(taken_bias.data()[out] == bias.data()[60 * part + out]);
    }
  }
}

TEST_CASE("NeoX interleaves queries, keys and values by head") {
  const TinyFolder folder = tiny("neox/lm");
  const NodeSpec node = folder.build().spec.node("gpt_neox.layers.1.attention.dense");
  const Tensor& fused = folder.tensors.at("gpt_neox.layers.1.attention.query_key_value.weight");
  const Tensor& bias = folder.tensors.at("gpt_neox.layers.1.attention.query_key_value.bias");
  const char* slots[] = {"query", "key", "value"};
  const int64_t size = 12;
  for (int64_t part = 0; part < 3; ++part) {
    const Tensor taken = resolve(folder, node, slots[part]);
    const Tensor taken_bias = resolve(folder, node, slots[part] + std::string("_bias"));
    for (const int64_t row : {0, 11, 12, 31, 59}) {
      const int64_t stored = (row / size * 3 + part) * size + row % size;
      CHECK(std::ranges::equal(taken.view().row(row), fused.view().row(stored)));
      CHECK(taken_bias.data()[row] == bias.data()[stored]);
    }
  }
}

TEST_CASE("a head without a weight of its own shares the embedding table") {
  TinyFolder folder = tiny("llama/lm");
  CHECK(folder.build().spec.node("lm_head").weights.at("weight").name == "lm_head.weight");
  folder.tensors.erase("lm_head.weight");
  folder.config["tie_word_embeddings"] = true;
  CHECK(folder.build().spec.node("lm_head").weights.at("weight").name ==
        "model.embed_tokens.weight");
}

TEST_CASE("a rotation that follows the length has no limit beside that of its training") {
  for (const char* name : {"llama/dynamic", "neox/dynamic"}) {
    CAPTURE(name);
    const TinyFolder folder = tiny(name);
    const GraphSpec spec = folder.build().spec;
    CHECK(spec.context == 0);
    CHECK(spec.trained_context == folder.config.at("max_position_embeddings"));
  }
  const TinyFolder linear = tiny("llama/linear");
  CHECK(linear.build().spec.context ==
        4 * linear.config.at("max_position_embeddings").get<int64_t>());
}

TEST_CASE("a config's own key exchanges GPT-2's encoding and leaves its table unread") {
  TinyFolder folder = tiny("gpt2/lm");
  folder.config["locus"] = {{"encoding", "sinusoidal"}, {"trained_context", 40}};
  const TemporaryFolder written;
  folder.save(written / "model");
  const auto model = Model::open(written / "model");
  CHECK(model->encodings() == std::vector<std::string>{"sinusoidal"});
  CHECK(model->spec().trained_context == 40);
  CHECK(std::ranges::count(model->graph()->weights_used(), "transformer.wpe.weight") == 0);
  CHECK_FALSE(model->graph()->untrained());
}

TEST_CASE("GPT-2's block with a learned encoding of another kind stores it as position.*") {
  TinyFolder folder = tiny("gpt2/lm");
  folder.config["locus"]["encoding"] = "t5:buckets=8";
  folder.tensors.erase("transformer.wpe.weight");
  folder.tensors["transformer.position.table"] = Tensor({8, 5});
  const TemporaryFolder written;
  folder.save(written / "model");
  const auto model = Model::open(written / "model");
  CHECK(std::ranges::count(model->graph()->weights_used(), "transformer.position.table") == 1);
  CHECK_FALSE(model->graph()->untrained());
}

TEST_CASE("every architecture takes any encoding in exchange, and says that it is untrained") {
  for (const char* name : {"bert/lm", "roformer/narrow", "t5/lm", "gpt2/lm", "llama/lm",
                           "neox/parallel", "bert/relative-key", "bloom/lm", "umt5/lm", "marian/lm",
                           "opt/post-norm", "transfo-xl/lm"}) {
    for (const char* encoding : {"none", "sinusoidal", "learned", "alibi", "t5", "shaw", "rope"}) {
      CAPTURE(name);
      CAPTURE(encoding);
      ModelOptions options;
      options.encoding = encoding;
      const auto model = Model::open(golden_path("models/" + std::string(name)), options);
      CHECK(model->encodings().size() == 1);
      const bool learned = std::ranges::count(std::vector<std::string>{"learned", "t5", "shaw"},
                                              std::string(encoding)) > 0;
      CHECK(model->graph()->untrained() == learned);
      const Golden golden = golden_of(name);
      CHECK(run_traced(model->graph(), golden).size() == golden.nodes.size());
    }
  }
}

}  // namespace locus::tests
