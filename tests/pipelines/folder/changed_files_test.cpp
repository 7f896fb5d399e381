// A folder that another program changes after its model was opened, before all of it was read.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "pipelines/pipeline.hpp"
#include "pipelines/provenance.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests::changed_files {
namespace {

namespace fs = std::filesystem;

const std::string changed =
    ": expected the file as it was when the model was opened, found one that was changed since";

struct Opened {
  TemporaryFolder folder;
  fs::path place;
  Pipeline pipeline;

  explicit Opened(const std::string& name)
      : place(model_with_tokenizer(folder, name)), pipeline(Pipeline::open(place)) {}

  /// The message of what `action` throws, which names a file of the model's folder.
  std::string message(const auto& action) const {
    const std::string text = folder.message(action);
    const auto end = text.find(": ");
    if (end == text.npos) return text;
    return fs::path(text.substr(0, end)).filename().string() + text.substr(end);
  }
};

void append(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::app) << text;
}

TEST_CASE("a tokenizer is that of the folder as it was when the model was opened, or an Error") {
  Opened late("bert/lm");
  append(late.place / "vocab.txt", "\n");
  CHECK(late.message([&] { late.pipeline.fill_mask("the [MASK]"); }) == "vocab.txt" + changed);
  CHECK(late.message([&] { late.pipeline.share(1); }) == "vocab.txt" + changed);
  Opened opened("gpt2/lm");
  opened.pipeline.tokenizer();
  append(opened.place / "vocab.json", "\n");
  CHECK(opened.message([&] { opened.pipeline.evaluate("the cat and the hat"); }) ==
        "no error");  // it was read in time
}

TEST_CASE("files that nothing reads may change, and others may come") {
  Opened opened("gpt2/lm");
  append(opened.place / "README.md", "a word");
  append(opened.place / "results.json", "{}");
  fs::remove(opened.place / "model.safetensors");
  CHECK(opened.message([&] { opened.pipeline.evaluate("the cat and the hat"); }) == "no error");
}

TEST_CASE("hashes are of the files that figures were made with") {
  const auto hashes = hashes_of(Opened("gpt2/lm").pipeline.model());
  CHECK(hashes.size() > 3);
  for (const auto& hash : hashes) {
    const std::string name = hash.first;
    CAPTURE(name);
    Opened opened("gpt2/lm");
    append(opened.place / name, " ");
    CHECK(opened.message([&] { hashes_of(opened.pipeline.model()); }) == name + changed);
  }
}

TEST_CASE("how texts become vectors is what the folder said when the model was opened") {
  const auto poolings = [](const std::string& which) {
    return "{\"word_embedding_dimension\": 32, \"pooling_mode_" + which + "\": true}";
  };
  TemporaryFolder folder;
  const fs::path place = model_with_tokenizer(folder, "bert/bare");
  const fs::path below = fs::relative(place, folder.path());
  folder.write((below / "modules.json").string(),
               R"([{"path": "", "type": "sentence_transformers.models.Transformer"},
                   {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}])");
  const auto file = (below / "1_Pooling/config.json").string();
  folder.write(file, poolings("max_tokens"));
  auto pipeline = Pipeline::open(place);
  auto other = pipeline.share(1);
  const auto before = pipeline.embed("the cat");
  folder.write(file, poolings("cls_token"));
  CHECK(pipeline.embed("the cat").values == before.values);
  CHECK(folder.message([&] { other.embed("the cat"); }).ends_with("config.json" + changed));
  CHECK(Pipeline::open(place).embed("the cat").values != before.values);
}

}  // namespace
}  // namespace locus::tests::changed_files
