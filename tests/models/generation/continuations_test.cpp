// Every generating model continues a prompt as transformers does, by the settings of its config.
#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/read_file.hpp"
#include "models/generate.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> generating_folders() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(golden_path("models"))) {
    if (fs::exists(entry.path() / "continuations.json")) folders.push_back(entry.path());
  }
  return folders;
}

}  // namespace

TEST_CASE("greedy and 4-beam decoding give the 24 ids of transformers for every family") {
  const std::vector<fs::path> folders = generating_folders();
  CHECK(folders.size() == 41);
  for (const fs::path& folder : folders) {
    CAPTURE(folder.filename().string());
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
}

}  // namespace locus::tests
