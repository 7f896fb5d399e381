// Facts about ModernBERT that a nearly right implementation gets wrong.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {
namespace {

double base_of(const GraphSpec& spec, const std::string& encoding) {
  return spec.encodings.at(encoding).chain.at(0).parameters.number(encoding, "base");
}

std::string changed_node(const std::string& name, const std::string& key,
                         const nlohmann::json& value) {
  TinyFolder folder = tiny(name);
  folder.config[key] = value;
  const std::string divergence = first_divergence(*folder.compile(), golden_of(name), 1e-4);
  return divergence.substr(0, divergence.find(':'));
}

}  // namespace

TEST_CASE("ModernBERT turns by 160000 where it sees all and by 10000 in a window") {
  TinyFolder folder = tiny("modernbert/bare");
  for (const char* key : {"global_rope_theta", "local_rope_theta"}) folder.config.erase(key);
  CHECK(base_of(folder.build().spec, "global") == 160000);
  CHECK(base_of(folder.build().spec, "local") == 10000);
  folder.config["local_rope_theta"] = nullptr;  // null is no default: the other base
  CHECK(base_of(folder.build().spec, "local") == 160000);
}

TEST_CASE("every third layer of a ModernBERT sees all, the first one first, others 64 keys") {
  TinyFolder folder = tiny("modernbert/bare");
  folder.config.erase("global_attn_every_n_layers");
  folder.config.erase("local_attention");
  const GraphSpec spec = folder.build().spec;
  for (int64_t layer = 0; layer < 4; ++layer) {
    const NodeSpec& node = spec.node("layers." + std::to_string(layer) + ".attn.Wo");
    const bool all = layer % 3 == 0;
    CHECK(node.encoding == (all ? "global" : "local"));
    CHECK(node.attributes.text(node.name, "visibility", "all") == (all ? "all" : "sliding"));
    if (all) continue;
    CHECK(node.attributes.integer(node.name, "left") == 64);
    CHECK(node.attributes.integer(node.name, "right") == 64);
  }
}

TEST_CASE("bases, windows and layers of a ModernBERT all show in its golden") {
  CHECK(changed_node("modernbert/lm", "global_rope_theta", 60.0) == "model.layers.0.attn.Wo");
  CHECK(changed_node("modernbert/lm", "local_rope_theta", 700.0) == "model.layers.1.attn.Wo");
  CHECK(changed_node("modernbert/lm", "local_attention", 11) == "model.layers.1.attn.Wo");
  CHECK(changed_node("modernbert/lm", "local_attention", 8) == "");  // four keys on each side too
}

TEST_CASE("ModernBERT's first layer has no norm of its own, and its gate is the first half") {
  const GraphSpec spec = tiny("modernbert/lm").build().spec;
  CHECK(spec.node("model.layers.0.attn.Wo").inputs ==
        std::vector<std::string>{"model.embeddings.norm"});
  CHECK(spec.node("model.layers.1.attn.Wo").inputs ==
        std::vector<std::string>{"model.layers.1.attn_norm"});
  CHECK(spec.node("model.layers.0.mlp.Wo").weights.at("gate").steps ==
        std::vector<WeightStep>{slice(0, 0, 37)});
}

TEST_CASE("ModernBERT has the biases that its config says, and no others") {
  for (const NodeSpec& node : tiny("modernbert/lm").build().spec.nodes) {
    for (const auto& [slot, reference] : node.weights) {
      CHECK(slot.find("bias") == std::string::npos);
    }
  }
  for (const char* key : {"norm_bias", "attention_bias", "mlp_bias", "classifier_bias"}) {
    CAPTURE(key);
    CHECK(changed_node("modernbert/biased", key, false) != "");
  }
}

TEST_CASE("what ModernBERT's configs may not say is refused by name") {
  const auto refused = [](const char* name, const char* key, const nlohmann::json& value) {
    TinyFolder folder = tiny(name);
    folder.config[key] = value;
    folder.build();
  };
  CHECK_THROWS_WITH_AS(refused("modernbert/first", "classifier_pooling", "max"),
                       doctest::Contains("to be cls or mean, found 'max'"), Error);
  CHECK_THROWS_WITH_AS(refused("modernbert/lm", "rope_scaling", {{"rope_type", "linear"}}),
                       doctest::Contains("'rope_type' to be default, found 'linear'"), Error);
  CHECK_THROWS_WITH_AS(refused("modernbert/lm", "intermediate_size", 66),
                       doctest::Contains("expected [132, 30], found [74, 30]"), Error);
  CHECK_THROWS_WITH_AS(refused("modernbert/lm", "global_attn_every_n_layers", 0),
                       doctest::Contains("a whole number from 1"), Error);
}

TEST_CASE("without architectures the stored head tells ModernBERT's class") {
  TinyFolder folder = tiny("modernbert/biased");
  folder.config.erase("architectures");
  CHECK(folder.build().spec.task == "masked-lm");
}

}  // namespace locus::tests
