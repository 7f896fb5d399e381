// Which tokenizer belongs to a model, whoever asks.
#include "pipelines/tokenizers.hpp"

#include <doctest/doctest.h>

#include "engine/locus_file.hpp"
#include "models/checkpoint.hpp"
#include "pipelines/pipeline.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {
namespace {

/// A locus.json beside the tokenizer's files, which names `tokenizer`.
std::string locus_model(const TemporaryFolder& folder, const std::string& tokenizer) {
  const auto model = Model::open(model_with_tokenizer(folder, "bert/lm"));
  const auto file = folder.path() / "bert/lm" / "locus.json";
  save_locus_inline(file, {model->spec(), stored_weights(*model), tokenizer});
  return file.string();
}

}  // namespace

TEST_CASE("a locus.json that names its tokenizer's file is read alike by everyone") {
  for (const char* name : {"", "vocab.txt"}) {
    CAPTURE(name);
    const TemporaryFolder folder;
    const std::string file = locus_model(folder, name);
    const std::vector<int32_t> expected =
        Tokenizer::open(folder / "bert/lm")->encode_ids("the cat");
    auto pipeline = Pipeline::open(file);
    CHECK(pipeline.tokenizer().encode_ids("the cat") == expected);
    CHECK(Tokenizer::open(pipeline.model().folder())->encode_ids("the cat") == expected);
    CHECK(Tokenizer::open(tokenizer_folder(file))->encode_ids("the cat") == expected);
  }
}

TEST_CASE("a folder that a locus.json names holds the tokenizer") {
  const TemporaryFolder folder;
  const std::string file = locus_model(folder, "words");
  std::filesystem::create_directory(folder / "bert/lm/words");
  for (const char* name : {"vocab.txt", "tokenizer_config.json"}) {
    std::filesystem::rename(folder / "bert/lm" / name, folder / "bert/lm/words" / name);
  }
  CHECK(Pipeline::open(file).tokenizer().encode_ids("a").size() == 3);
  CHECK(tokenizer_folder(file) == folder / "bert/lm/words");
}

}  // namespace locus::tests
