// Facts about DeBERTa that a nearly right implementation gets wrong.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/families/refusals.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

std::string divergent_node(const TinyFolder& folder, const std::string& name) {
  const std::string divergence = first_divergence(*folder.compile(), golden_of(name), 1e-4);
  return divergence.substr(0, divergence.find(':'));
}

const std::string first_attention = "deberta.encoder.layer.0.attention.output.dense";

}  // namespace

TEST_CASE("DeBERTa's epsilon is 1e-7 where a config leaves it out") {
  for (const char* name : {"deberta/lm", "deberta-v2/lm"}) {
    CAPTURE(name);
    TinyFolder folder = tiny(name);
    CHECK(folder.config.at("layer_norm_eps") == 1e-4);
    folder.config.erase("layer_norm_eps");
    for (const NodeSpec& node : folder.build().spec.nodes) {
      if (node.kind == "norm") CHECK(node.attributes.number(node.name, "epsilon") == 1e-7);
    }
  }
}

TEST_CASE("DeBERTa's scale is 1/sqrt(d (1 + terms)), with or without a table") {
  const std::map<std::string, double> sizes{{"deberta/lm", 12 * 3},       {"deberta/bare", 4 * 2},
                                            {"deberta/answer", 4 * 3},    {"deberta-v2/lm", 6 * 3},
                                            {"deberta-v2/tokens", 4 * 2}, {"deberta-v2/answer", 4}};
  for (const auto& [each, size] : sizes) {
    const std::string name = each;
    CAPTURE(name);
    int attentions = 0;
    for (const NodeSpec& node : tiny(name).build().spec.nodes) {
      if (node.kind != "attention") continue;
      CHECK(node.attributes.number(name, "scale") == doctest::Approx(1 / std::sqrt(size)));
      ++attentions;
    }
    CHECK(attentions >= 1);
  }
}

TEST_CASE("another encoding in a DeBERTa has the scale of its own terms") {
  ModelOptions options;
  options.encoding = "alibi";
  const auto model = Model::open(golden_path("models/deberta-v2/lm"), options);
  const NodeSpec& node = model->spec().node(first_attention);
  CHECK(node.attributes.number("node", "scale") == doctest::Approx(1 / std::sqrt(6.0)));
}

TEST_CASE("each term of disentangled attention shows in a golden") {
  for (const char* name : {"deberta/lm", "deberta-v2/lm"}) {
    for (const char* terms : {"c2p", "p2c"}) {
      TinyFolder folder = tiny(name);
      folder.config["pos_att_type"] = terms;
      CHECK(divergent_node(folder, name) == first_attention);
    }
  }
}

TEST_CASE("DeBERTa v1's matrix is [q, k, v] of each head in turn, and keys have no bias") {
  const TinyFolder folder = tiny("deberta/lm");
  GraphSpec spec = folder.build().spec;
  for (NodeSpec& node : spec.nodes) {
    if (node.name != first_attention) continue;
    CHECK(node.weights.count("key_bias") == 0);
    int64_t begin = 0;
    for (const char* slot : {"query", "key", "value"}) {
      node.weights.at(slot).steps = {slice(0, begin, begin + 60)};
      begin += 60;
    }
  }
  const std::string divergence =
      first_divergence(Graph(spec, folder.weights()), golden_of("deberta/lm"), 1e-4);
  CHECK(divergence.starts_with(first_attention));
}

TEST_CASE("share_att_key projects positions as tokens are, biases included") {
  const auto weights = [](const std::string& name) {
    return tiny(name).build().spec.encodings.at("layer.0").weights;
  };
  const std::string shared = "deberta.encoder.layer.0.attention.self.";
  CHECK(weights("deberta-v2/lm").at("key").name == shared + "key_proj.weight");
  CHECK(weights("deberta-v2/lm").at("query_bias").name == shared + "query_proj.bias");
  CHECK(weights("deberta-v2/choice").at("key_bias").name == shared + "pos_key_proj.bias");
  CHECK(weights("deberta/lm").count("key_bias") == 0);
}

TEST_CASE("the table of distances is normalised where norm_rel_ebd says so, and once") {
  TinyFolder folder = tiny("deberta-v2/lm");
  folder.config["norm_rel_ebd"] = "none";
  CHECK(divergent_node(folder, "deberta-v2/lm") == first_attention);
}

TEST_CASE("buckets are DeBERTa's own where they say so, and each distance's otherwise") {
  const GraphSpec spec = tiny("deberta-v2/lm").build().spec;
  CHECK(to_string(spec.encodings.at("layer.1").chain) ==
        "disentangled:buckets=8,epsilon=1e-04,max_distance=40,norm=layer");
  CHECK(to_string(tiny("deberta/lm").build().spec.encodings.at("layer.0").chain) == "disentangled");
  TinyFolder folder = tiny("deberta-v2/lm");
  folder.config["max_relative_positions"] = 50;
  CHECK(divergent_node(folder, "deberta-v2/lm") == first_attention);
}

TEST_CASE("position_biased_input false adds no position, though a file may hold the table") {
  TinyFolder folder = tiny("deberta/lm");
  CHECK(folder.config.at("position_biased_input") == false);
  CHECK(folder.compile()->max_length() == PositionalEncoding::unlimited);
  CHECK(tiny("deberta/bare").compile()->max_length() == 80);
  folder.tensors["deberta.embeddings.position_embeddings.weight"] = Tensor({80, 60});
  folder.tensors["mask_predictions.dense.weight"] = Tensor({60, 60});
  const TemporaryFolder place;
  folder.save(place.path());
  CHECK_NOTHROW(Model::open(place.path()));
}

TEST_CASE("a DeBERTa says which encodings it has, and no more") {
  const auto encodings = [](const std::string& name) {
    return Model::open(golden_path("models/" + name))->encodings();
  };
  CHECK(encodings("deberta/lm") == std::vector<std::string>{"disentangled"});
  CHECK(encodings("deberta/bare") == std::vector<std::string>{"learned", "disentangled:terms=c2p"});
  CHECK(encodings("deberta/answer") == std::vector<std::string>{"learned"});
}

TEST_CASE("DeBERTa v2's convolution joins the first layer's output") {
  const GraphSpec spec = tiny("deberta-v2/lm").build().spec;
  CHECK(spec.node("deberta.encoder.conv.activation").inputs ==
        std::vector<std::string>{"deberta.embeddings.LayerNorm"});
  TinyFolder folder = tiny("deberta-v2/sequence");
  folder.config["conv_act"] = "relu";
  CHECK(divergent_node(folder, "deberta-v2/sequence") == "deberta.encoder.conv.activation");
}

TEST_CASE("without architectures the stored head tells DeBERTa's class, old or new") {
  for (const char* name : {"deberta/lm", "deberta/new-head", "deberta-v2/new-head"}) {
    CAPTURE(name);
    TinyFolder folder = tiny(name);
    folder.config.erase("architectures");
    folder.config.erase("legacy");
    CHECK(first_divergence(*folder.compile(), golden_of(name), 1e-4) == "");
  }
}

TEST_CASE("what DeBERTa's configs may not say is refused by name") {
  check_refusals({
      {"deberta/lm", "pos_att_type", "c2p|p2p", "to be c2p, p2c or both, found 'p2p'"},
      {"deberta/lm", "pos_att_type", {"c2p", "c2p"}, "to be each term once, found 'c2p' twice"},
      {"deberta/lm", "talking_head", true, "'talking_head' to be false, found true"},
      {"deberta/lm", "is_decoder", true, "'is_decoder' to be false, found true"},
      {"deberta-v2/lm", "norm_rel_ebd", "rms", "to be none or layer_norm, found 'rms'"},
      {"deberta-v2/lm", "conv_kernel_size", 4, "'conv_kernel_size' to be an odd number, found 4"},
      {"deberta-v2/lm", "conv_kernel_size", 5, "expected [30, 30, 5], found [30, 30, 3]"},
      {"deberta-v2/lm", "conv_groups", 7, "'hidden_size' to be a multiple of 'conv_groups' = 7"},
      {"deberta-v2/lm", "conv_act", "sine", "expected an activation"},
      {"deberta-v2/lm", "position_buckets", 16, "expected [32, 30], found [16, 30]"},
      {"deberta-v2/lm", "attention_head_size", 20, "'attention_head_size' to be 6, found 20"},
      {"deberta-v2/new-head", "embedding_size", 14, "word_embeddings.weight: expected [97, 14]"},
      {"deberta-v2/choice", "pooler_hidden_size", 21, "'pooler_hidden_size' to be 20, found 21"},
      {"deberta/lm", "max_relative_positions", 1e300, "a whole number"},
  });
}

}  // namespace locus::tests
