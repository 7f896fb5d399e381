// Facts about decoders that a nearly right implementation gets wrong.
#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/families/refusals.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {

TEST_CASE("rotations that contradict themselves, or have a factor of nothing, are refused") {
  const auto yarn = [](nlohmann::json scaling) {
    scaling.update({{"factor", 4.0}, {"original_max_position_embeddings", 32}});
    return scaling;
  };
  check_refusals({
      {"llama/lm", "rope_scaling", yarn({{"rope_type", "yarn"}, {"attention_factor", 0.0}}),
       "'attention_factor' to be above 0, found 0"},
      {"llama/lm", "rope_scaling", yarn({{"rope_type", "yarn"}, {"attention_factor", -1.0}}),
       "'attention_factor' to be above 0, found -1"},
      {"llama/lm", "rope_scaling", yarn({{"rope_type", "linear"}, {"type", "yarn"}}),
       "'type' to be 'linear' as rope_type says, found 'yarn'"},
  });
}

TEST_CASE("null does not stand for a flag that is true by default") {
  check_refusals({{"gpt2/lm", "scale_attn_weights", nullptr, "to be true or false, found null"},
                  {"neox/lm", "use_parallel_residual", nullptr, "to be true or false, found null"},
                  {"opt/lm", "do_layer_norm_before", nullptr, "to be true or false, found null"}});
}

TEST_CASE("two names of one size must agree") {
  check_refusals({{"t5/lm", "num_hidden_layers", 7, "'num_layers' = "},
                  {"t5/lm", "num_attention_heads", 7, "'num_heads' = "},
                  {"xglm/lm", "num_attention_heads", 7, "'attention_heads' = "}});
}
namespace {

/// Keys that a query of the node sees to its left, itself included; 0: all.
int64_t window(const GraphSpec& spec, const std::string& name) {
  const NodeSpec& node = spec.node(name);
  if (node.attributes.text(name, "visibility") == "causal") return 0;
  CHECK(node.attributes.integer(name, "right") == 0);
  return node.attributes.integer(name, "left") + 1;
}

}  // namespace

TEST_CASE("Qwen2's window counts where it is in use, from max_window_layers on") {
  TinyFolder folder = tiny("qwen2/lm");
  const std::string first = "model.layers.0.self_attn.o_proj",
                    second = "model.layers.1.self_attn.o_proj";
  folder.config["sliding_window"] = 7;
  folder.config["max_window_layers"] = 1;
  CHECK(window(folder.build().spec, second) == 0);
  folder.config["use_sliding_window"] = true;
  CHECK(window(folder.build().spec, first) == 0);
  CHECK(window(folder.build().spec, second) == 7);
  folder.config.erase("max_window_layers");
  CHECK(window(folder.build().spec, second) == 0);
}

TEST_CASE(
    "Mistral's window is 4096 keys where the config says nothing, and none where it says null") {
  TinyFolder folder = tiny("mistral/lm");
  const std::string node = "model.layers.1.self_attn.o_proj";
  CHECK(window(folder.build().spec, node) == 11);
  folder.config.erase("sliding_window");
  CHECK(window(folder.build().spec, node) == 4096);
  folder.config["sliding_window"] = nullptr;
  CHECK(window(folder.build().spec, node) == 0);
}

TEST_CASE("GPT-Neo does not divide scores by sqrt(d)") {
  const GraphSpec spec = tiny("gpt-neo/lm").build().spec;
  for (const NodeSpec& node : spec.nodes) {
    if (node.kind == "attention") CHECK(node.attributes.number(node.name, "scale") == 1.0);
  }
}

TEST_CASE("GPT-Neo's local layers see window_size keys, themselves the last") {
  TinyFolder folder = tiny("gpt-neo/bare");
  const std::string first = "h.0.attn.attention.out_proj", second = "h.1.attn.attention.out_proj";
  CHECK(window(folder.build().spec, first) == 7);
  CHECK(window(folder.build().spec, second) == 0);
  folder.config["attention_types"][0] = {{"local", "global", "global", "local"}, 1000000000};
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'attention_types' to be of 2 layers"),
                       Error);
  folder.config.erase("attention_layers");
  folder.config["attention_types"] = {{{"global", "sparse"}, 1}};
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("found 'sparse'"), Error);
}

TEST_CASE("GPT-J turns interleaved pairs of a part of each head") {
  TinyFolder folder = tiny("gptj/lm");
  CHECK(to_string(folder.build().spec.encodings.at("position").chain) == "rope:dimensions=2");
  folder.config["rotary_dim"] = 6;
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("an even number of the head's 4"), Error);
}

TEST_CASE("two names for one value must agree") {
  TinyFolder folder = tiny("bloom/lm");
  folder.config["num_attention_heads"] = folder.config["n_head"];
  folder.config.erase("n_head");
  CHECK_NOTHROW(folder.build());
  folder.config["n_head"] = 4;
  CHECK_THROWS_WITH_AS(folder.build(),
                       "config.json: expected 'num_attention_heads' to be 'n_head' = 4, found 5",
                       Error);
}

TEST_CASE("GPT's gelu is the tanh form") {
  const GraphSpec spec = tiny("gpt/lm").build().spec;
  const std::string node = "transformer.h.0.mlp.c_proj";
  CHECK(spec.node(node).attributes.text(node, "activation") == "gelu_new");
}

TEST_CASE("OPT's positions begin two rows into their table") {
  const GraphSpec spec = tiny("opt/lm").build().spec;
  CHECK(to_string(spec.encodings.at("position").chain) == "learned:offset=2");
  CHECK(spec.context == 80);
}

TEST_CASE("BLOOM interleaves queries, keys and values by head, and drops no bias") {
  TinyFolder folder = tiny("bloom/lm");
  const GraphSpec spec = folder.build().spec;
  const auto& steps = spec.node("transformer.h.0.self_attention.dense").weights.at("key").steps;
  CHECK(steps ==
        std::vector<WeightStep>{reshape({5, 3, 4, 20}), slice(1, 1, 2), reshape({20, 20})});
  folder.config["slow_but_exact"] = true;
  CHECK_NOTHROW(folder.build());
  folder.config["pretraining_tp"] = 4;
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'slow_but_exact' to be false"), Error);
}

TEST_CASE("five heads of BLOOM and MPT have the slopes of four and the first of eight") {
  for (const auto& [name, max_bias] : {std::pair{"bloom/lm", 8.0}, {"mpt/clipped", 5.0}}) {
    const auto& shown = name;
    CAPTURE(shown);
    const auto chain = tiny(name).build().spec.encodings.at("position").chain;
    CHECK(chain.at(0).name == "alibi");
    CHECK(chain.at(0).parameters.number(name, "max_bias", 8) == max_bias);
  }
}

TEST_CASE("what MPT's reference leaves out of account is refused where it would count") {
  const auto refused = [](const char* key, const nlohmann::json& value) {
    TinyFolder folder = tiny("mpt/lm");
    (folder.config.contains("attn_config") && std::string(key) != "logit_scale"
         ? folder.config["attn_config"]
         : folder.config)[key] = value;
    CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains(key), Error);
  };
  refused("alibi", false);
  refused("qk_ln", true);
  refused("prefix_lm", true);
  refused("attn_type", "multiquery_attention");
  refused("logit_scale", 0.5);
}

TEST_CASE("MPT without no_bias has biases in all its parts") {
  TinyFolder folder = tiny("mpt/bare");
  folder.config["no_bias"] = false;
  const GraphSpec spec = folder.build().spec;
  CHECK(spec.node("blocks.0.attn.out_proj").weights.count("query_bias") == 1);
  CHECK(spec.node("blocks.0.ffn.down_proj").weights.count("up_bias") == 1);
  CHECK(spec.node("norm_f").weights.count("bias") == 1);
}

TEST_CASE("Transformer-XL's head gives log-probabilities") {
  const auto graph = tiny("transfo-xl/lm").compile();
  CHECK(graph->vocabulary() == 97);
  Session session(graph, {1, false});
  const std::vector<int32_t> ids{5, 40, 90};
  const Sequence sequence{ids, {}, {}};
  session.encode({&sequence, 1});
  const ConstView logits = session.logits(std::vector<int64_t>{0, 2});
  REQUIRE(logits.size(1) == 97);
  for (int64_t row = 0; row < 2; ++row) {
    double sum = 0;
    for (const float value : logits.row(row)) sum += std::exp(static_cast<double>(value));
    CHECK(sum == doctest::Approx(1).epsilon(1e-5));
  }
}

TEST_CASE("Transformer-XL begins a text with a memory of zeros, or of their norm") {
  const std::string node = "transformer.layers.0.dec_attn.o_net";
  GraphSpec spec = tiny("transfo-xl/lm").build().spec;
  CHECK(window(spec, node) == 11);
  CHECK(spec.node(node).attributes.integer(node, "memory_rows") == 10);
  CHECK(spec.node(node).weights.count("memory_row") == 0);
  spec = tiny("transfo-xl/segments").build().spec;
  CHECK(spec.node(node).attributes.text(node, "visibility") == "segment");
  CHECK(spec.node(node).attributes.integer(node, "memory_rows") == 11);
  CHECK(spec.node(node).weights.at("memory_row").name ==
        "transformer.layers.0.dec_attn.layer_norm.bias");
}

TEST_CASE("Transformer-XL's distances have the frequencies that a file rounded") {
  TinyFolder folder = tiny("transfo-xl/lm");
  const auto weights = [&] { return folder.build().spec.encodings.at("layer.1").weights; };
  CHECK(weights().count("frequencies") == 0);
  folder.tensors.at("transformer.pos_emb.inv_freq").values()[2] *= 1.001f;
  CHECK(weights().at("frequencies").name == "transformer.pos_emb.inv_freq");
}

TEST_CASE("a head of tokens goes without a bias where transformers 5 was told so") {
  TinyFolder folder = tiny("llama/tokens");
  folder.config["token_classification_bias"] = false;
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'token_classification_bias' to be true"),
                       Error);
  folder.tensors.erase("score.bias");
  CHECK(folder.build().spec.node("score").weights.size() == 1);
}

TEST_CASE("what sees both sides is followed by Llama's kin, and refused by others and of 4.49") {
  for (const char* name : {"gpt2/lm", "opt/lm", "bloom/lm", "t5/lm", "bart/lm"}) {
    CAPTURE(name);
    TinyFolder folder = tiny(name);
    folder.config["transformers_version"] = "5.24.0";
    CHECK_NOTHROW(folder.build());
    folder.config["is_causal"] = false;
    CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'is_causal' to be true in this"),
                         Error);
  }
  TinyFolder llama = tiny("llama/lm");
  llama.config["is_causal"] = false;
  CHECK_THROWS_WITH_AS(llama.build(), doctest::Contains("transformers 5 did not write"), Error);
  llama.config["transformers_version"] = "5.24.0";
  CHECK_NOTHROW(llama.build());
}

TEST_CASE("Transformer-XL's clusters must rise, and its head may share their projections") {
  TinyFolder folder = tiny("transfo-xl/lm");
  const auto projection = [&](const char* name) {
    return folder.build().spec.node(name).weights.at("weight").name;
  };
  CHECK(projection("crit.out_projs.0") == "crit.out_projs.0");
  CHECK(projection("crit.out_projs.2") == "transformer.word_emb.emb_projs.2");
  folder.config["tie_projs"] = {false, false, true};
  folder.tensors["crit.out_projs.1"] = Tensor({20, 10});
  CHECK(projection("crit.out_projs.1") == "crit.out_projs.1");
  folder.config["cutoffs"] = {60, 31};
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'cutoffs' to be rising"), Error);
  folder.config["cutoffs"] = {31, 97};
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'cutoffs' to be rising"), Error);
  folder.config["cutoffs"] = {31, 60};
  folder.config["mem_len"] = 0;
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'mem_len' to be at least 1"), Error);
  folder.config["mem_len"] = 1048576;
  CHECK_THROWS_WITH_AS(folder.compile(), doctest::Contains("'memory_rows' of 0 to 65536"), Error);
}

TEST_CASE("a decoder's classes of a sequence are those of its last row") {
  for (const char* name : {"gpt/sequence", "gpt2/sequence", "llama/sequence", "opt/sequence"}) {
    CAPTURE(name);
    const GraphSpec spec = tiny(name).build().spec;
    CHECK(spec.node("score.gather").attributes.text(name, "rows") == "last");
    CHECK(spec.outputs.at("logits") == "score");
  }
  CHECK(tiny("gpt2/sequence").build().spec.task == "sequence-classification");
  CHECK(tiny("llama/sequence").build().spec.task == "sequence-regression");
}

TEST_CASE("Llama's class that answers questions calls its base model transformer") {
  CHECK_NOTHROW(tiny("llama/answer").build().spec.node("transformer.layers.0.mlp.down_proj"));
  CHECK_NOTHROW(tiny("mistral/answer").build().spec.node("model.layers.0.mlp.down_proj"));
}

TEST_CASE("a family has the classes that transformers gives it") {
  const auto refused = [](const char* name, const char* architecture) {
    TinyFolder folder = tiny(name);
    folder.config["architectures"] = {architecture};
    CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'architectures' to be one of"), Error);
  };
  refused("gpt/lm", "OpenAIGPTForTokenClassification");
  refused("gptj/lm", "GPTJForTokenClassification");
  refused("opt/lm", "OPTForTokenClassification");
  refused("marian/lm", "MarianForSequenceClassification");
  refused("mt5/lm", "T5ForConditionalGeneration");
}

TEST_CASE("the rows of a learned table are those that the config says") {
  for (const char* name : {"gpt/lm", "gpt-neo/lm", "opt/lm", "bart/lm", "mbart/lm"}) {
    CAPTURE(name);
    TinyFolder folder = tiny(name);
    const char* key = std::string(name) == "gpt/lm" ? "n_positions" : "max_position_embeddings";
    folder.config[key] = 81;
    CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("expected [8"), Error);
  }
}

}  // namespace locus::tests
