// Every key of a config is read, or known to be harmless, or refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/json/values.hpp"
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
  for (const char* key : {"compression_config", "quantization", "sparsity_config"}) {
    folder.config[key] = {{"bits", 4}};
    folder.save(place.path());
    CHECK_THROWS_WITH_AS(Model::open(place.path()), doctest::Contains(key), Error);
    folder.config.erase(key);
  }
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
  CHECK_THROWS_WITH_AS(open_with("bert/causal", "sliding_window", 4),
                       doctest::Contains("'sliding_window'"), Error);
  CHECK_THROWS_WITH_AS(open_with("modernbert/lm", "sliding_window", 4),
                       doctest::Contains("'sliding_window'"), Error);
  CHECK_THROWS_WITH_AS(open_with("opt/lm", "attention_chunk_size", 8),
                       doctest::Contains("'attention_chunk_size'"), Error);
  CHECK(open_with("bert/lm", "is_causal", false) == 0);
  CHECK(open_with("gpt2/lm", "is_causal", true) == 0);
  CHECK(open_with("gpt2/lm", "sliding_window", nullptr) == 0);
  CHECK(open_with("gpt2/lm", "layer_types", {"full_attention"}) == 0);
  // An encoder's numbers stay: the key is named.
  CHECK(open_with("bert/lm", "sliding_window", 4) == 1);
  CHECK(open_with("bert/lm", "layer_types", {"sliding_attention"}) == 1);
  CHECK(open_with("roberta/lm", "attention_chunk_size", 8) == 1);
}

TEST_CASE("numbers that JSON does not have harm the key alone that holds them") {
  const Config config = Config::parse(
      "config.json", R"({"a": Infinity, "b": [-Infinity, NaN], "c": "NaN \" Infinity", "d": 2})");
  CHECK(config.count("d", 1) == 2);
  CHECK(config.text("c", "") == "NaN \" Infinity");
  CHECK_THROWS_WITH_AS(config.number("a", 1), doctest::Contains("'a' to be a number"), Error);
}

}  // namespace locus::tests
