// Facts about T5 that a nearly right implementation gets wrong.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

Attributes attributes_of(const TinyFolder& folder, const std::string& node) {
  return folder.build().spec.node(node).attributes;
}

}  // namespace

TEST_CASE("T5's scores are not divided by the root of the head size") {
  int attentions = 0;
  for (const NodeSpec& node : tiny("t5/lm").build().spec.nodes) {
    if (node.kind != "attention") continue;
    CHECK(node.attributes.number(node.name, "scale") == 1);
    ++attentions;
  }
  CHECK(attentions == 4);
}

TEST_CASE("tied logits are of the decoder's output over the root of the width, untied are not") {
  CHECK(attributes_of(tiny("t5/lm"), "lm_head").number("lm_head", "scale", 1) ==
        doctest::Approx(1 / std::sqrt(30.0)));
  CHECK(attributes_of(tiny("t5/gated"), "lm_head").number("lm_head", "scale", 1) == 1);
}

TEST_CASE("of several copies of T5's table 5 reads each by its name, and 4.49 the last alone") {
  for (const auto& [version, encoder, head] :
       {std::tuple{"5.24.0", "encoder.embed_tokens.weight", "shared.weight"},
        {"4.49.0", "decoder.embed_tokens.weight", "decoder.embed_tokens.weight"}}) {
    const char* const said = version;
    CAPTURE(said);
    TinyFolder folder = tiny("t5/lm");
    folder.config["transformers_version"] = version;
    for (const char* stack : {"encoder", "decoder"}) {
      folder.tensors[std::string(stack) + ".embed_tokens.weight"] =
          folder.tensors.at("shared.weight").clone();
    }
    const GraphSpec spec = folder.build().spec;
    CHECK(spec.node("encoder.embed_tokens").weights.at("table").name == encoder);
    CHECK(spec.node("decoder.embed_tokens").weights.at("table").name ==
          "decoder.embed_tokens.weight");
    CHECK(spec.node("lm_head").weights.at("weight").name == head);
  }
}

TEST_CASE("T5's one table may be stored under any of its names") {
  for (const char* name :
       {"encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"}) {
    CAPTURE(name);
    TinyFolder folder = tiny("t5/lm");
    folder.tensors[name] = folder.tensors.at("shared.weight").clone();
    folder.tensors.erase("shared.weight");
    CHECK(first_divergence(*folder.compile(), golden_of("t5/lm"), 1e-4) == "");
  }
}

TEST_CASE("T5's norm keeps the mean, has no bias and takes epsilon 1e-6") {
  const GraphSpec spec = tiny("t5/lm").build().spec;
  for (const NodeSpec& node : spec.nodes) {
    if (node.kind != "norm") continue;
    CHECK(node.attributes.text(node.name, "kind") == "rms");
    CHECK(node.attributes.number(node.name, "epsilon") == 1e-6);
    CHECK(node.weights.size() == 1);
  }
}

TEST_CASE("a stack's layers share the table of its layer 0, and the stacks have one each") {
  const GraphSpec spec = tiny("t5/bare").build().spec;
  CHECK(spec.encodings.size() == 2);
  for (const std::string stack : {"encoder", "decoder"}) {
    CHECK(spec.encodings.at(stack).weights.at("table").name ==
          stack + ".block.0.layer.0.SelfAttention.relative_attention_bias.weight");
    for (const std::string block : {"0", "1"}) {
      const auto& node = spec.node(stack + ".block." + block + ".layer.0.SelfAttention.o");
      CHECK(node.encoding == stack);
    }
  }
}

TEST_CASE("what T5's two flags say of its stacks is refused where the class says otherwise") {
  TinyFolder encoder(golden_path("models5/t5/encoder"));
  CHECK_NOTHROW(encoder.build());
  encoder.config["is_decoder"] = true;
  CHECK_THROWS_WITH_AS(encoder.build(), doctest::Contains("'is_decoder' to be false"), Error);
  TinyFolder both(golden_path("models5/t5/sequence"));
  both.config["is_encoder_decoder"] = false;
  CHECK_THROWS_WITH_AS(both.build(), doctest::Contains("'is_encoder_decoder' to be true"), Error);
}

TEST_CASE("cross-attention has no relative bias, and a stray table for it is ignored") {
  CHECK(tiny("t5/lm").build().spec.node("decoder.block.0.layer.1.EncDecAttention.o").encoding ==
        "");
  TinyFolder folder = tiny("t5/lm");
  const std::string stray =
      "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";
  folder.tensors[stray] = Tensor({12, 5});
  const TemporaryFolder written;
  folder.save(written / "model");
  const auto model = Model::open(written / "model");
  CHECK(std::ranges::count(model->graph()->weights_used(), stray) == 0);
  CHECK(first_divergence(*model->graph(), golden_of("t5/lm"), 1e-4) == "");
}

TEST_CASE("heads times d_kv need not be the width") {
  const TinyFolder folder = tiny("t5/lm");
  CHECK(folder.config.at("d_kv") == 10);
  CHECK(folder.config.at("d_model") == 30);
  CHECK(folder.tensors.at("encoder.block.0.layer.0.SelfAttention.q.weight").shape() ==
        Shape{50, 30});
}

TEST_CASE("T5 starts with the padding id 0, ends with 1 and has no first id") {
  TinyFolder folder = tiny("t5/lm");
  for (const char* key : {"decoder_start_token_id", "pad_token_id", "eos_token_id"}) {
    folder.config.erase(key);
  }
  const TemporaryFolder written;
  folder.save(written / "model");
  const ModelIds special = Model::open(written / "model")->special();
  CHECK(special.decoder_start == 0);
  CHECK(special.pad == 0);
  CHECK(special.eos == 1);
  CHECK(special.all_eos == std::vector<int32_t>{1});
  CHECK_FALSE(special.bos.has_value());
}

TEST_CASE("gated-gelu is the tanh form of wi_0 times wi_1, v1.0 is ReLU") {
  const std::string node = "encoder.block.0.layer.1.DenseReluDense.wo";
  TinyFolder folder = tiny("t5/gated");
  CHECK(attributes_of(folder, node).text(node, "activation") == "gelu_new");
  const NodeSpec gated = folder.build().spec.node(node);
  CHECK(gated.weights.at("gate").name == "encoder.block.0.layer.1.DenseReluDense.wi_0.weight");
  CHECK(gated.weights.at("up").name == "encoder.block.0.layer.1.DenseReluDense.wi_1.weight");
  folder.config["feed_forward_proj"] = "gated-silu";
  folder.config.erase("dense_act_fn");
  CHECK(attributes_of(folder, node).text(node, "activation") == "silu");
  TinyFolder plain = tiny("t5/lm");
  for (const char* key : {"feed_forward_proj", "dense_act_fn"}) plain.config.erase(key);
  CHECK(attributes_of(plain, node).text(node, "activation") == "relu");
}

TEST_CASE("an activation that T5's config states is not the one that it names beside it") {
  const std::string node = "encoder.block.0.layer.1.DenseReluDense.wo";
  TinyFolder folder = tiny("t5/gated");
  folder.config["dense_act_fn"] = "silu";
  CHECK(attributes_of(folder, node).text(node, "activation") == "silu");
  folder.config["feed_forward_proj"] = "relu";
  CHECK(folder.build().spec.node(node).weights.contains("gate"));
  folder.config["is_gated_act"] = false;
  CHECK_THROWS_WITH_AS(folder.compile(), doctest::Contains("DenseReluDense.wi.weight: expected"),
                       Error);
}

TEST_CASE("values beyond the range of f16 inside a feed-forward change nothing") {
  TinyFolder folder = tiny("t5/lm");
  const std::string at = "encoder.block.0.layer.1.DenseReluDense.";
  const float large = 262144;  // a power of two: exact
  for (float& value : folder.tensors.at(at + "wi.weight").values()) value *= large;
  for (float& value : folder.tensors.at(at + "wo.weight").values()) value /= large;
  CHECK(first_divergence(*folder.compile(), golden_of("t5/lm"), 1e-4) == "");
}

TEST_CASE("a config that does not say so ties T5's head") {
  TinyFolder folder = tiny("t5/gated");
  folder.config.erase("tie_word_embeddings");
  folder.tensors["lm_head.weight"] = folder.tensors.at("shared.weight").clone();
  const NodeSpec tied = folder.build().spec.node("lm_head");
  CHECK(tied.weights.at("weight").name == "shared.weight");
  CHECK(tied.attributes.contains("scale"));
  folder.config["tie_word_embeddings"] = false;
  CHECK(folder.build().spec.node("lm_head").weights.at("weight").name == "lm_head.weight");
}

TEST_CASE("null in a flag of T5's config is false") {
  TinyFolder folder = tiny("t5/lm");
  folder.config["transformers_version"] = "5.24.0";
  const auto scales = [&] {
    return folder.build().spec.node("lm_head").attributes.contains("scale");
  };
  folder.config["scale_decoder_outputs"] = true;
  CHECK(scales());
  folder.config["scale_decoder_outputs"] = nullptr;
  CHECK_FALSE(scales());
}

TEST_CASE("a decoder's bias follows the absolute position of a cached step") {
  const auto graph = tiny("t5/lm").compile();
  const Golden golden = golden_of("t5/lm");
  const std::vector<int32_t> ids = [&] {
    const auto batch = golden.decoder.sequences();
    return std::vector<int32_t>(batch.back().ids.begin(), batch.back().ids.end());
  }();
  const Sequence source{golden.prompt, {}, {}}, whole{ids, {}, {}};
  Session at_once(graph, {1, false}), stepwise(graph, {1, false});
  at_once.encode({&source, 1});
  at_once.decode({&whole, 1});
  stepwise.encode({&source, 1});
  const ConstView expected = at_once.output("last_hidden_state");
  for (size_t row = 0; row < ids.size(); ++row) {
    const Sequence step{std::span(ids).subspan(row, 1), {}, {}};
    stepwise.decode({&step, 1});
    const ConstView found = stepwise.output("last_hidden_state");
    for (int64_t column = 0; column < found.size(1); ++column) {
      const float value = expected(static_cast<int64_t>(row), column);
      CHECK(found(0, column) == doctest::Approx(value).epsilon(1e-4));
    }
  }
}

}  // namespace locus::tests
