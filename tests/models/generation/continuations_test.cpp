// Every generating model continues a prompt as transformers does, by the settings of its config.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/json/values.hpp"
#include "base/read_file.hpp"
#include "models/generate.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

/// The folders of a group of goldens that generate, as far as their families are known.
std::vector<fs::path> generating_folders(const char* group) {
  std::vector<fs::path> folders = openable_folders({group});
  std::erase_if(folders,
                [](const fs::path& folder) { return !fs::exists(folder / "continuations.json"); });
  return folders;
}

void continue_as_transformers(const fs::path& folder) {
  CAPTURE(model_name(folder));
  const auto expected = nlohmann::json::parse(read_file(folder / "continuations.json"));
  const std::vector<std::vector<int32_t>> prompts{expected["prompt"].get<std::vector<int32_t>>()};
  const auto model = Model::open(folder);
  Session session(model->graph(), {1, false});
  GenerationSettings settings = generation_settings(*model);
  settings.max_tokens = 24;
  const auto greedy = generate(session, prompts, settings);
  CHECK(greedy[0][0].ids == expected["greedy"].get<std::vector<int32_t>>());
  settings.beam.beams = 4;
  const auto beams = generate(session, prompts, settings);
  CHECK(beams[0][0].ids == expected["beams"].get<std::vector<int32_t>>());
  CHECK(beams[0][0].score == doctest::Approx(expected["score"].get<double>()).epsilon(1e-4));
}

}  // namespace

TEST_CASE("greedy and 4-beam decoding give the 24 ids of transformers for every family") {
  const std::vector<fs::path> folders = generating_folders("models");
  CHECK(folders.size() == 41);
  for (const fs::path& folder : folders) continue_as_transformers(folder);
}

TEST_CASE("folders that transformers 5 saved are continued as it does") {
  const std::vector<fs::path> folders = generating_folders("models5");
  CHECK(folders.size() >= 30);
  for (const fs::path& folder : folders) continue_as_transformers(folder);
}

TEST_CASE("of two files with keys of decoding the one counts that counts in transformers") {
  const auto cases = nlohmann::json::parse(read_file(golden_path("decoding/precedence.json")));
  CHECK(cases.size() >= 30);
  for (const auto& each : cases) {
    CAPTURE(each["name"].get<std::string>());
    const TemporaryFolder place;
    TinyFolder folder = tiny(each["model"].get<std::string>());
    for (const auto& [key, value] : each["config"].items()) {
      folder.config[key] = value == "null" ? nlohmann::json() : value;
      if (value.is_null()) folder.config.erase(key);
    }
    folder.save(place.path());
    if (!each["generation_config"].is_null()) {
      std::ofstream(place.path() / "generation_config.json") << each["generation_config"].dump();
    }
    const auto model = Model::open(place.path());
    Session session(model->graph(), {1, false});
    const std::vector<std::vector<int32_t>> prompts{each["prompt"].get<std::vector<int32_t>>()};
    GenerationSettings settings = generation_settings(*model);
    settings.max_tokens =
        default_max_tokens(settings, *model->graph(), static_cast<int64_t>(prompts[0].size()), 20);
    // 4.49 saved these models. Where it follows config.json, 5 does not, and neither do we.
    const bool made = each["generation_config"].is_object() &&
                      each["generation_config"].contains("_from_model_config");
    const auto& expected = each[made ? "5.24.0" : "4.49.0"];
    for (const auto& [key, value] : each["config"].items()) {
      if (!made) break;
      const bool named = std::ranges::count(model->unread_keys(), key, &UnreadKey::key) == 1;
      CHECK(named == !each["generation_config"].contains(key));
    }
    CHECK(generate(session, prompts, settings)[0][0].ids ==
          expected["ids"].get<std::vector<int32_t>>());
  }
}

}  // namespace locus::tests
