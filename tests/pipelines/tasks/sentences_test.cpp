// Folders as sentence-transformers 5 and 6 save them, against its own vectors and scores.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>

#include "base/error.hpp"
#include "base/json/values.hpp"
#include "base/read_file.hpp"
#include "pipelines/pipeline.hpp"
#include "pipelines/unread_keys.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests::sentence_folders {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::vector<fs::path> folders(std::string_view kind) {
  std::vector<fs::path> found;
  for (const auto& version : fs::directory_iterator(source_path("tests/goldens/sentences"))) {
    for (const auto& entry : fs::directory_iterator(version)) {
      const bool cross = entry.path().filename().string().starts_with("cross-");
      if (cross == (kind == "cross")) found.push_back(entry.path());
    }
  }
  std::ranges::sort(found);
  return found;
}

double cosine(std::span<const float> a, const std::vector<double>& b) {
  double product = 0, of_a = 0, of_b = 0;
  for (size_t i = 0; i < b.size(); ++i) {
    product += a[i] * b[i];
    of_a += static_cast<double>(a[i]) * a[i];
    of_b += b[i] * b[i];
  }
  return of_a == 0 && of_b == 0 ? 1 : product / std::sqrt(std::max(of_a * of_b, 1e-30));
}

EmbedOptions options_of(const json& run) {
  EmbedOptions options;
  if (run.contains("prompt_name")) options.prompt = run["prompt_name"].get<std::string>();
  if (run.contains("prompt")) options.prompt = run["prompt"].get<std::string>();
  if (run.contains("truncate_dim")) options.dimension = run["truncate_dim"].get<int64_t>();
  return options;
}

void check_run(Pipeline& pipeline, const json& texts, const json& run) {
  const auto found = pipeline.embed(texts.get<std::vector<std::string>>(), options_of(run));
  const auto expected = run.at("values").get<std::vector<std::vector<double>>>();
  REQUIRE(found.vectors.size() == expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    REQUIRE(found.vectors[i].values.size() == expected[i].size());
    CHECK(cosine(found.vectors[i].values, expected[i]) > 0.999999);
  }
}

TEST_CASE("vectors of folders that sentence-transformers saved have its cosine to 0.999999") {
  size_t compared = 0;
  for (const fs::path& folder : folders("sentence")) {
    CAPTURE(folder.string());
    const json content = json::parse(read_text(folder / "case.json"));
    Pipeline pipeline = Pipeline::open(folder.string());
    CHECK(pipeline.unread_keys().empty());
    for (const json& run : content.at("runs")) check_run(pipeline, content.at("texts"), run);
    ++compared;
  }
  CHECK(compared >= 70);
}

TEST_CASE("documents are ranked with the scores of the folders' CrossEncoders") {
  size_t compared = 0;
  for (const fs::path& folder : folders("cross")) {
    CAPTURE(folder.string());
    const json content = json::parse(read_text(folder / "case.json"));
    if (!content.contains("rank")) continue;
    Pipeline pipeline = Pipeline::open(folder.string());
    CHECK(pipeline.unread_keys().empty());
    const json& rank = content["rank"];
    const auto found = pipeline.rerank(rank["query"].get<std::string>(),
                                       rank["documents"].get<std::vector<std::string>>());
    REQUIRE(found.size() == rank["scores"].size());
    for (size_t i = 0; i < found.size(); ++i) {
      CHECK(found[i].score == doctest::Approx(rank["scores"][i].get<double>()).epsilon(1e-5));
    }
    ++compared;
  }
  CHECK(compared >= 9);
}

TEST_CASE("a reranker of several classes, of another task, and without documents is refused") {
  const auto open = [](const char* name) {
    return Pipeline::open(source_path(std::string("tests/goldens/sentences/") + name).string());
  };
  const std::vector<std::string> documents{"a"};
  Pipeline three = open("6.2.0/cross-three-labels");
  CHECK_THROWS_WITH_AS(three.rerank("a", documents),
                       "rerank: expected a model of one class, found 3 classes", Error);
  Pipeline sentences = Pipeline::open(golden_model("gpt2/lm"));
  CHECK_THROWS_WITH_AS(sentences.rerank("a", documents),
                       "rerank: expected a model that classifies pairs of texts, found causal-lm",
                       Error);
  Pipeline one = open("6.2.0/cross-sigmoid");
  CHECK_THROWS_WITH_AS(one.rerank("a", {}), "rerank: expected at least one document, found none",
                       Error);
  CHECK_THROWS_AS(one.rerank("", documents), Error);
}

TEST_CASE("modules of other packages, and those whose order has another meaning, are refused") {
  const std::string source = "tests/goldens/sentences/6.2.0/prompts";
  const auto refusal = [&](const std::function<void(json&)>& change) -> std::string {
    const TemporaryFolder folder;
    std::filesystem::copy(source_path(source), folder / "model",
                          std::filesystem::copy_options::recursive);
    json modules = json::parse(read_text(folder / "model/modules.json"));
    change(modules);
    folder.write("model/modules.json", modules.dump());
    return failure_of([&] { Pipeline::open((folder / "model").string()).embed("a"); }, "embedded");
  };
  CHECK(refusal([](json&) {}) == "embedded");
  CHECK(refusal([](json& modules) {
          modules[1]["type"] = "other.Pooling";
        }).find("a class of sentence_transformers") != std::string::npos);
  CHECK(refusal([](json& modules) {
          modules.insert(modules.begin() + 1, json::parse(R"({"idx": 9, "name": "9",
              "path": "9_Normalize", "type": "sentence_transformers.models.Normalize"})"));
        }).find("a pooling before what works on a text's vector") != std::string::npos);
}

TEST_CASE("a prompt that is not there is refused with those that are") {
  Pipeline pipeline = Pipeline::open(source_path("tests/goldens/sentences/6.2.0/prompts").string());
  CHECK_THROWS_AS(pipeline.embed("a", {.prompt = "passages"}), Error);
  CHECK(pipeline.embed("a", {.prompt_text = "query"}).values ==
        pipeline.embed("querya", {.prompt_text = ""}).values);
  CHECK_THROWS_WITH_AS(pipeline.embed("a", {.dimension = 0}),
                       "dimension: expected 1 or more, found 0", Error);
}

TEST_CASE(
    "every key of the folders that sentence-transformers writes has its use, another has none") {
  for (const char* kind : {"cross", ""}) {
    for (const fs::path& folder : folders(kind)) {
      CAPTURE(folder.string());
      CHECK(unread_sentence_keys(folder).empty());
    }
  }
  const json keys = json::parse(read_file(source_path("tests/goldens/config_keys.json")));
  const TemporaryFolder folder;
  for (const auto& [version, known] : keys["config_sentence_transformers.json"]["*"].items()) {
    json config = json::object();
    for (const auto& [key, value] : known.items()) config[key] = 1;
    folder.write("config_sentence_transformers.json", config.dump());
    CHECK(unread_sentence_keys(folder.path()).empty());
  }
  folder.write("modules.json", R"([{"idx": 0, "name": "0", "path": "", "kwargs": ["task"],
                                    "type": "sentence_transformers.models.Transformer"}])");
  const auto unread = unread_sentence_keys(folder.path());
  REQUIRE(unread.size() == 1);
  CHECK(unread[0].key == "kwargs");
}

}  // namespace
}  // namespace locus::tests::sentence_folders
