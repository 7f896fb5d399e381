// Translators from text to text, against the reference.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/support/paths.hpp"
#include "tests/tokenizer/target_folders.hpp"
#include "tests/tools/cli/command.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

tests::Json translations() {
  return tests::Json::parse(read_text(source_path("tests/goldens/translations/translations.json")));
}

/// A tiny translator with the files of its tokenizer.
std::unique_ptr<TemporaryFolder> translator(const std::string& name) {
  auto folder = target_folder(name, targets().at(name));
  const auto model = source_path("tests/goldens/translations/" + name);
  for (const auto& entry : std::filesystem::directory_iterator(model)) {
    std::filesystem::copy_file(entry.path(), folder->path() / entry.path().filename(),
                               std::filesystem::copy_options::overwrite_existing);
  }
  return folder;
}

std::vector<std::string> with_languages(std::vector<std::string> arguments,
                                        const tests::Json& row) {
  for (const char* side : {"source", "target"}) {
    if (row[side].is_null()) continue;
    arguments.push_back("--" + std::string(side) + "-language");
    arguments.push_back(row[side].get<std::string>());
  }
  return arguments;
}

}  // namespace

TEST_CASE("translators translate by their generation config, into the language that is asked for") {
  const tests::Json all = translations();
  for (const auto& [each, golden] : all.items()) {
    const std::string name = each;
    CAPTURE(name);
    const auto folder = translator(name);
    for (const tests::Json& row : golden["translations"]) {
      CAPTURE(row.dump());
      const std::string text = row["text"], model = folder->path().string();
      const auto result = run(with_languages({"generate", model, text, "--json"}, row));
      CAPTURE(result.err);
      REQUIRE(result.status == 0);
      CHECK(result.json()["ids"] == row["ids"]);
      CHECK(result.json()["text"] == row["translation"]);
      CHECK(run(with_languages({"run", model, text}, row)).out ==
            row["translation"].get<std::string>() + "\n");
    }
  }
}

TEST_CASE("a target given its source is as likely as the reference finds it") {
  const tests::Json all = translations();
  for (const auto& [each, golden] : all.items()) {
    const std::string name = each;
    CAPTURE(name);
    const auto folder = translator(name);
    const tests::Json& expected = golden["likelihood"];
    folder->write("source.txt", expected["source"].get<std::string>() + "\n");
    folder->write("target.txt", expected["target"].get<std::string>() + "\n");
    const auto result = run({"perplexity", folder->path().string(), "--text",
                             *folder / "target.txt", "--source", *folder / "source.txt", "--json"});
    CAPTURE(result.err);
    REQUIRE(result.status == 0);
    CHECK(result.json()["tokens"] == expected["tokens"]);
    CHECK(result.json()["nll"].get<double>() ==
          doctest::Approx(expected["nll"].get<double>()).epsilon(1e-5));
  }
}

TEST_CASE("languages that a model does not know are refused") {
  const auto marian = translator("marian");
  const auto unknown = run({"run", marian->path().string(), "a", "--target-language", "tlh"});
  CHECK(unknown.status == 1);
  CHECK(unknown.err.find("target language: expected a language that the tokenizer knows, found "
                         "'tlh'") != std::string::npos);
  const auto mbart = translator("mbart");
  CHECK(run({"run", mbart->path().string(), "a", "--source-language", "tlh"}).status == 1);
  const std::string causal = source_path("weights/causal-rope").string();
  CHECK(run({"run", causal, "a", "--target-language", "fra"}).status == 2);
  CHECK(run({"generate", causal, "a", "--target-language", "fra"}).status == 1);
}
