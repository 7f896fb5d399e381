// Every key of a config is read, or known to be harmless, or refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "models/files/harmless_keys.hpp"
#include "models/generate.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

/// The configs of all goldens after their families have read them, by model type.
std::map<std::string, std::vector<Config>> read_configs() {
  std::map<std::string, std::vector<Config>> read;
  for (const fs::path& folder : openable_folders({"models", "models5"})) {
    const TinyFolder tiny(folder);
    const Config config = Config::parse("config.json", tiny.config.dump());
    families::find_family(config).build(config, tiny.weights());
    read[tiny.config.at("model_type")].push_back(config);
  }
  return read;
}

bool accounted(const std::string& type, const std::vector<Config>& configs,
               const std::string& key) {
  const auto refused = files::unfollowed_keys();
  return files::is_harmless(type, key) || std::ranges::find(refused, key) != refused.end() ||
         std::ranges::any_of(configs, [&](const Config& each) { return each.was_read(key); });
}

}  // namespace

TEST_CASE("every key of every config class is read, or harmless, or refused") {
  const auto keys = nlohmann::json::parse(read_file(golden_path("config_keys.json")));
  size_t seen = 0;
  std::string open;
  for (const auto& [type, configs] : read_configs()) {
    for (const std::string& group : {std::string("*"), type}) {
      const nlohmann::json versions = keys.at("config.json").value(group, nlohmann::json::object());
      for (const auto& [version, of_class] : versions.items()) {
        for (const auto& [key, value] : of_class.items()) {
          ++seen;
          if (!accounted(type, configs, key)) open += type + ": " + key + "\n";
        }
      }
    }
  }
  CHECK(open == "");
  CHECK(seen > 5000);
}

TEST_CASE("each harmless key has a reason, and one alone for a family") {
  std::map<std::pair<std::string_view, std::string_view>, int> reasons;  // of family and key
  for (const files::HarmlessKeys& group : files::harmless_keys()) {
    CHECK(!group.reason.empty());
    for (const auto key : group.keys) {
      if (group.families.empty()) ++reasons[{"", key}];
      for (const auto family : group.families) ++reasons[{family, key}];
    }
  }
  for (const auto& [place, count] : reasons) {
    const auto& [family, key] = place;
    const std::string shown = std::string(family) + ": " + std::string(key);
    CAPTURE(shown);
    CHECK(count == 1);
    CHECK((place.first.empty() || !reasons.contains({"", place.second})));
  }
}

TEST_CASE("the page of harmless keys says what the program says, of each family") {
  const auto rows = nlohmann::json::parse(read_file(golden_path("harmless_keys.json")));
  for (const files::HarmlessKeys& group : files::harmless_keys()) {
    CAPTURE(std::string(group.reason));
    std::vector<std::string_view> families = group.families;
    if (families.empty()) families = {"*"};
    CHECK(std::ranges::any_of(rows, [&](const nlohmann::json& row) {
      return row.at("reason") == group.reason && row.at("keys") == nlohmann::json(group.keys) &&
             row.at("families") == nlohmann::json(families);
    }));  // else tools/golden/harmless_keys.py writes it anew
  }
  const auto configs = read_configs();
  std::string open;
  for (const nlohmann::json& row : rows) {
    if (row.at("file") != "config.json" || row.contains("only") || row.contains("when")) continue;
    for (const auto& [type, read] : configs) {
      const nlohmann::json& families = row.at("families");
      const bool all = families.at(0) == "*";
      if (!all && std::find(families.begin(), families.end(), type) == families.end()) continue;
      for (const std::string key : row.at("keys")) {
        if (!accounted(type, read, key)) open += type + ": " + key + "\n";
      }
    }
  }
  CHECK(open == "");
}

TEST_CASE("the folders that transformers writes have no key without use") {
  for (const fs::path& folder : openable_folders({"models", "models5"})) {
    CAPTURE(folder.string());
    std::string unread;
    const auto model = Model::open(folder);
    for (const UnreadKey& each : model->unread_keys()) unread += each.key + " ";
    CHECK(unread == "");
  }
}

TEST_CASE("a key that nobody reads is named with its file, one inside an object with its path") {
  TinyFolder folder = tiny("llama/lm");
  folder.config["attention_chunk"] = 8;
  folder.config["rope_scaling"] = {{"rope_type", "linear"}, {"factor", 2.0}, {"fatcor", 4.0}};
  const TemporaryFolder place;
  folder.save(place.path());
  const auto model = Model::open(place.path());
  REQUIRE(model->unread_keys().size() == 2);
  CHECK(model->unread_keys()[0].key == "attention_chunk");
  CHECK(model->unread_keys()[0].file == (place.path() / "config.json").string());
  CHECK(model->unread_keys()[1].key == "rope_scaling.fatcor");
}

TEST_CASE("a key that changes numbers and is not followed is refused, unless it asks for nothing") {
  TinyFolder folder = tiny("bert/lm");
  const TemporaryFolder place;
  folder.config["quantization_config"] = {{"quant_method", "bitsandbytes"},
                                          {"load_in_8bit", false}};
  folder.save(place.path());
  CHECK_THROWS_WITH_AS(Model::open(place.path()), doctest::Contains("'quantization_config'"),
                       Error);
  folder.config["quantization_config"] = nullptr;
  folder.config["pruned_heads"] = nlohmann::json::object();
  folder.save(place.path());
  CHECK(Model::open(place.path())->unread_keys().empty());
}

TEST_CASE("a generation config made from a config is told by the value of its key") {
  TinyFolder folder = tiny("gpt2/lm");
  folder.config["num_beams"] = 3;
  for (const bool made : {true, false}) {
    CAPTURE(made);
    const TemporaryFolder place;
    folder.save(place.path());
    const nlohmann::json generation = {{"_from_model_config", made}, {"max_new_tokens", 7}};
    place.write("generation_config.json", generation.dump());
    const auto model = Model::open(place.path());
    // Either way generation_config.json counts alone; 4.49 would follow a made one's config.json.
    CHECK(generation_settings(*model).beam.beams == 1);
    CHECK(generation_settings(*model).max_tokens == 7);
    REQUIRE(model->unread_keys().size() == (made ? 1 : 0));
    if (made) CHECK(model->unread_keys()[0].key == "num_beams");
  }
}

TEST_CASE("keys that shared code of transformers 5 follows are refused where a family does not") {
  const auto open_with = [](const char* name, const char* key, const nlohmann::json& value) {
    const TemporaryFolder place;
    TinyFolder folder = tiny(name);
    folder.config[key] = value;
    folder.save(place.path());
    return Model::open(place.path())->unread_keys().size();
  };
  CHECK_THROWS_WITH_AS(open_with("gpt2/lm", "sliding_window", 4),
                       doctest::Contains("'sliding_window' to be absent: a gpt2 model"), Error);
  CHECK_THROWS_WITH_AS(open_with("gpt2/lm", "is_causal", false), doctest::Contains("'is_causal'"),
                       Error);
  CHECK_THROWS_WITH_AS(open_with("bert/causal", "is_causal", false),
                       doctest::Contains("'is_causal'"), Error);
  CHECK_THROWS_WITH_AS(open_with("bert/lm", "layer_types", {"sliding_attention"}),
                       doctest::Contains("'layer_types'"), Error);
  CHECK_THROWS_WITH_AS(open_with("opt/lm", "attention_chunk_size", 8),
                       doctest::Contains("'attention_chunk_size'"), Error);
  CHECK(open_with("bert/lm", "is_causal", false) == 0);
  CHECK(open_with("gpt2/lm", "is_causal", true) == 0);
  CHECK(open_with("gpt2/lm", "sliding_window", nullptr) == 0);
  CHECK(open_with("bert/lm", "layer_types", {"full_attention"}) == 0);
}

TEST_CASE("numbers that JSON does not have harm the key alone that holds them") {
  const Config config = Config::parse(
      "config.json", R"({"a": Infinity, "b": [-Infinity, NaN], "c": "NaN \" Infinity", "d": 2})");
  CHECK(config.count("d", 1) == 2);
  CHECK(config.text("c", "") == "NaN \" Infinity");
  CHECK_THROWS_WITH_AS(config.number("a", 1), doctest::Contains("'a' to be a number"), Error);
}

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
