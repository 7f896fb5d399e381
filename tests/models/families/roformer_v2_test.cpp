// Facts about RoFormer v2 that a nearly right implementation gets wrong.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"
#include "tests/models/families/refusals.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {

TEST_CASE("RoFormer v2 has no bias anywhere, and norms without gain or mean") {
  for (const char* name : {"roformer-v2/lm", "roformer-v2/bare"}) {
    CAPTURE(name);
    int norms = 0;
    for (const NodeSpec& node : tiny(name).build().spec.nodes) {
      for (const auto& [slot, reference] : node.weights) {
        if (node.name == "embeddings_project") continue;  // which keeps its own
        CHECK(slot.find("bias") == std::string::npos);
      }
      if (node.kind != "norm") continue;
      CHECK(node.weights.empty());
      CHECK(node.attributes.text(name, "kind") == "rms");
      ++norms;
    }
    CHECK(norms >= 3);
  }
}

TEST_CASE("RoFormer v2 predicts by the table of its words alone, without a pooler") {
  const GraphSpec spec = tiny("roformer-v2/lm").build().spec;
  const NodeSpec& decoder = spec.node("cls.predictions.decoder");
  CHECK(decoder.inputs == std::vector<std::string>{"cls.predictions.gather"});
  CHECK(decoder.weights.at("weight").name == "roformer.embeddings.word_embeddings.weight");
  CHECK(spec.outputs.count("pooler_output") == 0);
}

TEST_CASE("RoFormer v2's heads are v1's, biases and all, and so are their weights") {
  const GraphSpec spec = tiny("roformer-v2/sequence").build().spec;
  CHECK(spec.node("classifier.out_proj").weights.count("bias") == 1);
  CHECK(spec.node("classifier.activation").attributes.text("node", "activation") == "relu");
}

TEST_CASE("norm_type and use_bias are read each by itself") {
  CHECK(tiny("roformer-v2/answer")
            .build()
            .spec.node("roformer.embeddings.LayerNorm")
            .weights.size() == 2);
  const GraphSpec biased = tiny("roformer-v2/untied").build().spec;
  const NodeSpec& attention = biased.node("roformer.encoder.layer.0.attention.output.dense");
  CHECK(attention.weights.count("value_bias") == 1);
  CHECK(biased.node("cls.predictions.decoder").weights.at("weight").name ==
        "cls.predictions.decoder.weight");
}

TEST_CASE("what RoFormer v2's configs may not say is refused by name") {
  check_refusals({
      {"roformer-v2/lm", "norm_type", "scale_norm",
       "to be layer_norm or rms_norm, found 'scale_norm'"},
      {"roformer-v2/lm", "is_decoder", true,
       "to be false where 'norm_type' is rms_norm, found true"},
      {"roformer-v2/bare",
       "architectures",
       {"RoFormerForMaskedLM"},
       "'embedding_size' to be 20, found 14"},
  });
}

}  // namespace locus::tests
