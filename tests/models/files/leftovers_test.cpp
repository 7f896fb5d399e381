// What files hold beside what their class reads, as transformers' own files do.
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

/// A tiny model and the names of weights that its class leaves unread.
struct Leftover {
  const char* model;
  std::vector<std::string> names;
};

const std::vector<Leftover> leftovers = {
    {"bert/tokens", {"cls.predictions.bias", "cls.predictions.transform.dense.weight"}},
    {"nezha/answer", {"cls.predictions.decoder.weight", "cls.seq_relationship.weight"}},
    {"roformer/sequence", {"cls.predictions.transform.LayerNorm.weight"}},
    {"roberta/answer", {"lm_head.dense.weight", "lm_head.decoder.weight", "lm_head.bias"}},
    {"xlm-roberta/tokens", {"lm_head.layer_norm.weight"}},
    {"camembert/sequence", {"lm_head.dense.weight", "roberta.pooler.dense.weight"}},
    {"mpnet/tokens", {"lm_head.dense.weight", "lm_head.decoder.weight", "lm_head.bias"}},
    {"distilbert/answer", {"vocab_transform.weight", "vocab_projector.weight"}},
    {"electra/tokens", {"generator_predictions.dense.weight", "generator_lm_head.weight"}},
    {"electra/answer", {"discriminator_predictions.dense_prediction.weight"}},
    {"electra/discriminator", {"generator_predictions.dense.weight", "generator_lm_head.bias"}},
    {"electra/generator", {"discriminator_predictions.dense.weight"}},
    {"albert/tokens", {"predictions.dense.weight", "predictions.decoder.bias"}},
    {"deberta/sequence", {"lm_predictions.lm_head.dense.weight", "cls.predictions.bias"}},
    {"deberta-v2/tokens", {"lm_predictions.lm_head.bias", "mask_predictions.dense.weight"}},
    {"modernbert/tokens", {"decoder.weight", "decoder.bias"}},
    {"gpt2/sequence", {"lm_head.weight"}},
    {"gptj/sequence", {"lm_head.weight", "lm_head.bias"}},
    {"neox/tokens", {"embed_out.weight"}},
    {"llama/answer", {"lm_head.weight"}},
    {"t5/answer", {"lm_head.weight"}},
    {"bart/sequence", {"lm_head.weight", "final_logits_bias"}},
    {"opt/lm", {"decoder.version"}},
    {"opt/bare", {"model.decoder.version", "decoder.version"}},
};

}  // namespace

TEST_CASE("heads of pretraining and versions that a file still holds are harmless by name") {
  for (const Leftover& each : leftovers) {
    CAPTURE(each.model);
    TinyFolder folder = tiny(each.model);
    for (const std::string& name : each.names) folder.tensors[name] = Tensor({2, 3});
    const TemporaryFolder written;
    folder.save(written / "model");
    CHECK_NOTHROW(Model::open(written / "model"));
    folder.tensors["adapter.weight"] = Tensor({2, 3});
    folder.save(written / "other");
    CHECK_THROWS_WITH_AS(Model::open(written / "other"),
                         doctest::Contains("adapter.weight: expected"), Error);
  }
}

TEST_CASE("MPT's class looks at no expansion_ratio: the layers are 4 times as wide") {
  TinyFolder folder = tiny("mpt/lm");
  folder.config["expansion_ratio"] = 2;
  CHECK(first_divergence(*folder.compile(), golden_of("mpt/lm"), 1e-4) == "");
  folder.config["attn_config"]["softmax_scale"] = 0;
  CHECK_THROWS_WITH_AS(folder.compile(), doctest::Contains("'softmax_scale' to be a number"),
                       Error);
  folder.config["attn_config"].erase("softmax_scale");
  const std::string name = "transformer.blocks.0.ffn.up_proj.weight";
  const Shape shape = folder.tensors.at(name).shape();
  folder.tensors[name] = Tensor({shape[1] * 2, shape[1]});
  CHECK_THROWS_WITH_AS(folder.compile(), doctest::Contains((name + ": expected").c_str()), Error);
}

TEST_CASE("an adapter beside weights is refused, or left out with a word; alone it is named") {
  const TemporaryFolder place;
  tiny("llama/lm").save(place.path());
  place.write("adapter_config.json", R"({"peft_type": "LORA"})");
  CHECK_THROWS_WITH_AS(Model::open(place.path()),
                       doctest::Contains("adapter_config.json: expected an adapter merged"), Error);
  ModelOptions options;
  options.leave_surplus = true;
  CHECK(Model::open(place.path(), options)->surplus() ==
        std::vector<std::string>{"adapter_config.json"});
  const TemporaryFolder alone;
  alone.write("adapter_config.json", R"({"peft_type": "LORA"})");
  CHECK_THROWS_WITH_AS(Model::open(alone.path()), doctest::Contains("found a PEFT adapter alone"),
                       Error);
}

}  // namespace locus::tests
