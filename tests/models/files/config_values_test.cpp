// What values of a config come to: a class, a context, agreement with other keys and with weights.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/json/values.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {

TEST_CASE("a config without a model type opens by a family's name, one of another class by that") {
  TinyFolder folder = tiny("bert/sequence");
  folder.config.erase("model_type");
  folder.config["architectures"] = {"RxnClassifier"};
  const TemporaryFolder place;
  folder.save(place.path());
  CHECK_THROWS_WITH_AS(Model::open(place.path()), doctest::Contains("named with --family"), Error);
  ModelOptions options;
  options.family = "bert";
  CHECK_THROWS_WITH_AS(Model::open(place.path(), options), doctest::Contains("--class"), Error);
  options.class_name = "BertForSequenceClassification";
  CHECK(Model::open(place.path(), options)->spec().task == "multi-label-classification");
}

TEST_CASE("names of classes count before num_labels, as in the reference") {
  TinyFolder folder = tiny("bert/tokens");
  folder.config["num_labels"] = 6;
  CHECK(folder.compile()->spec().task == "token-classification");
}

TEST_CASE("rope_parameters and older keys may agree, and are refused where they do not") {
  TinyFolder folder = tiny("llama/lm");
  const double base = folder.config.value("rope_theta", 10000.0);
  folder.config["rope_parameters"] = {{"rope_type", "default"}, {"rope_theta", base}};
  CHECK_NOTHROW(folder.build());
  folder.config["rope_theta"] = base * 2;
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'rope_theta' to be rope_parameters's"),
                       Error);
  folder.config["rope_theta"] = base;
  folder.config["rope_scaling"] = {{"rope_type", "linear"}, {"factor", 2.0}};
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("as in rope_parameters"), Error);
  folder.config["rope_parameters"] = folder.config["rope_scaling"];
  CHECK_NOTHROW(folder.build());
  folder.config["rope_parameters"]["rope_theta"] = base * 3;
  folder.config.erase("rope_theta");
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("as rope_scaling leaves it"), Error);
  folder.config.erase("rope_scaling");
  folder.config["rope_parameters"] = "default";
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'rope_parameters' to be an object"),
                       Error);
}

TEST_CASE("a scaled rotation has factor times the original length as its context") {
  TinyFolder folder = tiny("llama/lm");
  folder.config["max_position_embeddings"] = 64;
  for (const char* type : {"linear", "yarn"}) {
    folder.config["rope_scaling"] = {{"type", type}, {"factor", 4.0}};
    CHECK(folder.build().spec.context == 256);
    folder.config["rope_scaling"]["original_max_position_embeddings"] = 32;
    CHECK(folder.build().spec.context == 128);
    CHECK(folder.build().spec.trained_context == 32);
  }
}

TEST_CASE("a text beyond the context is warned of where the encoding has no limit of its own") {
  const auto open = Model::open(golden_path("models/llama/lm"));
  const int64_t context = open->spec().context;
  REQUIRE(context > 0);
  CHECK(!open->length_warning(context).has_value());
  CHECK(open->length_warning(context + 1) == "a text of " + std::to_string(context + 1) +
                                                 " tokens, longer than the model's context of " +
                                                 std::to_string(context));
  CHECK(!Model::open(golden_path("models/bert/lm"))->length_warning(100000).has_value());
  const auto dynamic = Model::open(golden_path("models5/llama/dynamic-5"));  // trained on 16
  CHECK(!dynamic->length_warning(16).has_value());
  CHECK(dynamic->length_warning(17) ==
        "a text of 17 tokens, longer than the 16 that the model was trained on");
  const auto phi3 = Model::open(golden_path("models5/phi3/lm"));  // LongRoPE, originally of 16
  CHECK(!phi3->length_warning(80).has_value());
  CHECK(phi3->length_warning(81) == "a text of 81 tokens, longer than the model's context of 80");
}

TEST_CASE("head_dim is refused where it would turn another part of each head, or none") {
  for (const char* name : {"models/modernbert/lm", "models/neox/lm", "models5/gte/lm"}) {
    CAPTURE(name);
    TinyFolder folder(golden_path(name));
    folder.config["head_dim"] = 3;
    CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'head_dim' to be "), Error);
  }
}

TEST_CASE("an ESM whose stored frequencies are not its config's is refused") {
  TinyFolder folder(golden_path("models5/esm/lm"));
  CHECK_NOTHROW(folder.build());
  folder.config["rope_theta"] = 5000.0;
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("by a base of 5000"), Error);
}

TEST_CASE("a copy of the encoder's layers that says otherwise is refused") {
  TinyFolder folder = tiny("bart/lm");
  folder.config["num_hidden_layers"] = 1;
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'num_hidden_layers' to be 'encoder_"),
                       Error);
}

TEST_CASE("of two biases that transformers 5 stores the decoder's own counts, tied or not") {
  TinyFolder folder(golden_path("models5/bert/untied"));
  const std::string own = "cls.predictions.decoder.bias";
  REQUIRE(folder.tensors.contains(own));
  for (const bool tied : {false, true}) {
    folder.config["tie_word_embeddings"] = tied;
    CHECK(folder.build().spec.nodes.back().weights.at("bias").name == own);
  }
}

TEST_CASE("layer_types that are unknown or too few are refused") {
  TinyFolder folder = tiny("qwen2/bare");
  folder.config["layer_types"] = std::vector<std::string>(7, "full_attention");
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'layer_types' to be"), Error);
  folder.config["layer_types"] = nlohmann::json::array();
  for (int64_t i = 0; i < folder.config["num_hidden_layers"]; ++i) {
    folder.config["layer_types"].push_back("chunked_attention");
  }
  CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains("'chunked_attention'"), Error);
}

TEST_CASE("a RoFormer whose stored sinusoid is another than the formula's is refused") {
  TinyFolder folder = tiny("roformer/lm");
  const std::string name = "roformer.encoder.embed_positions.weight";
  REQUIRE(folder.tensors.contains(name));
  CHECK_NOTHROW(folder.build());
  folder.tensors.at(name).data()[3] += 1.1f;
  CHECK_THROWS_WITH_AS(folder.build(),
                       doctest::Contains("embed_positions.weight: expected the sinusoid"), Error);
}

TEST_CASE("a RoFormer whose stored sinusoid was rounded is computed from what is stored") {
  TinyFolder folder = tiny("roformer/lm");
  const std::string name = "roformer.encoder.embed_positions.weight";
  const auto plain = run_traced(folder.compile(), golden_of("roformer/lm"));
  for (float& value : folder.tensors.at(name).values()) value += 1e-3f;
  const auto rounded = run_traced(folder.compile(), golden_of("roformer/lm"));
  folder.tensors.erase(name);
  const auto formula = run_traced(folder.compile(), golden_of("roformer/lm"));
  const std::string last = folder.build().spec.outputs.at("last_hidden_state");
  CHECK(std::ranges::equal(plain.at(last).values(), formula.at(last).values()));
  CHECK(!std::ranges::equal(rounded.at(last).values(), formula.at(last).values()));
}

TEST_CASE("T5's one table is found under the decoder's name") {
  TinyFolder folder = tiny("t5/lm");
  const auto expected = run_traced(folder.compile(), golden_of("t5/lm"));
  folder.tensors["decoder.embed_tokens.weight"] = folder.tensors.at("shared.weight").clone();
  folder.tensors.erase("shared.weight");
  const auto found = run_traced(folder.compile(), golden_of("t5/lm"));
  CHECK(std::ranges::equal(found.at("lm_head").values(), expected.at("lm_head").values()));
}

}  // namespace locus::tests
