// Prompts as texts: streaming, stop texts, batches, cancelling.
#include <doctest/doctest.h>

#include "pipelines/pipeline.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {
namespace {

struct Writer {
  TemporaryFolder folder;
  Pipeline pipeline = Pipeline::open(model_with_tokenizer(folder, "gpt2/lm"));
};

}  // namespace

TEST_CASE_FIXTURE(Writer, "an end token that a template adds is no part of a causal prompt") {
  const auto encoding = pipeline.tokenizer().encode("the");
  auto ids = encoding.ids;
  const auto& ends = pipeline.model().special().all_eos;
  while (encoding.special[ids.size() - 1] &&
         std::find(ends.begin(), ends.end(), ids.back()) != ends.end()) {
    ids.pop_back();
  }
  const std::vector<int32_t> prompts[] = {ids};
  GenerateOptions options;
  options.max_tokens = 6;
  const auto expected = pipeline.generate(prompts, options).prompts[0][0];
  const auto found = pipeline.generate("the", options);
  CHECK(found.ids == expected.ids);
  CHECK(found.text == expected.text);
  CHECK(found.finish == Finish::max_tokens);
}

TEST_CASE_FIXTURE(Writer, "the pieces of a growing text are the text, and false ends it") {
  std::string grown;
  GenerateOptions options;
  options.max_tokens = 8;
  options.on_text = [&](int64_t, std::string_view piece) {
    grown += piece;
    return true;
  };
  const auto whole = pipeline.generate("the", options);
  CHECK(grown == whole.text);
  CHECK(whole.ids.size() == 8);
  int pieces = 0;
  options.on_text = [&](int64_t, std::string_view) { return ++pieces < 2; };
  const auto cut = pipeline.generate("the", options);
  CHECK(cut.finish == Finish::stopped);
  CHECK(cut.ids.size() < whole.ids.size());
  CHECK(std::equal(cut.ids.begin(), cut.ids.end(), whole.ids.begin()));
}

TEST_CASE_FIXTURE(Writer,
                  "the least number of tokens raises the usual most, and not what was asked for") {
  GenerateOptions options;
  options.min_tokens = 6;
  options.max_tokens = 4;
  CHECK_THROWS_WITH_AS(pipeline.generate("the", options),
                       "min tokens: expected at most the max tokens, 4, found 6", Error);
  auto unlimited = Pipeline::open(folder / "gpt2/lm", {.encoding = "alibi"});
  options.max_tokens = {};
  options.min_tokens = 200;
  CHECK(unlimited.generate("the", options).ids.size() == 200);
}

TEST_CASE_FIXTURE(Writer, "a text ends before its stop text") {
  GenerateOptions options;
  options.max_tokens = 8;
  const std::string whole = pipeline.generate("the", options).text;
  REQUIRE(whole.size() > 4);
  const std::string stop = whole.substr(whole.size() / 2, 2);
  options.stop = {stop};
  const auto cut = pipeline.generate("the", options);
  CHECK(cut.text == whole.substr(0, whole.find(stop)));
  CHECK(cut.finish == Finish::stopped);
  options.stop = {""};
  CHECK_THROWS_AS(pipeline.generate("the", options), Error);
}

TEST_CASE_FIXTURE(Writer, "prompts give the same alone, together and in batches") {
  const std::string prompts[] = {"the", "cat", "a hat"};
  GenerateOptions options;
  options.max_tokens = 5;
  const auto together = pipeline.generate(prompts, options);
  std::vector<int64_t> seen;
  options.batch = 2;
  options.on_result = [&](int64_t prompt, const auto&) { seen.push_back(prompt); };
  const auto batches = pipeline.generate(prompts, options);
  CHECK(seen == std::vector<int64_t>{0, 1, 2});
  REQUIRE(together.prompts.size() == 3);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(batches.prompts[i][0].ids == together.prompts[i][0].ids);
    CHECK(pipeline.generate(prompts[i], options).ids == together.prompts[i][0].ids);
  }
}

TEST_CASE_FIXTURE(Writer, "an empty prompt among others begins a text, alone it is refused") {
  const std::string prompts[] = {"the", "", "cat"};
  GenerateOptions options;
  options.max_tokens = 5;
  const auto begin = pipeline.model().special().bos;
  REQUIRE(begin);
  const std::vector<int32_t> begun[] = {{*begin}};
  const auto expected = pipeline.generate(begun, options).prompts[0][0].ids;
  options.special = false;
  const auto results = pipeline.generate(prompts, options);
  REQUIRE(results.prompts.size() == 3);
  CHECK(results.prompts[1][0].ids == expected);
  CHECK(results.prompts[2][0].ids == pipeline.generate("cat", options).ids);
  CHECK_THROWS_WITH_AS(pipeline.generate("", options),
                       "prompt: expected a text that is not empty, found nothing", Error);
}

TEST_CASE("texts beyond the context are read with a warning where the encoding goes on") {
  Pipeline pipeline = Pipeline::open(golden_model("llama/lm"));
  const std::vector<int32_t> prompts[] = {{1, 5, 6}};
  GenerateOptions options;
  options.max_tokens = 77;
  pipeline.generate(prompts, options);
  CHECK(!pipeline.length_warning());
  options.max_tokens = 90;
  const auto texts = pipeline.generate(prompts, options).prompts[0];
  const size_t length = 3 + texts[0].ids.size();
  REQUIRE(length > 80);
  CHECK(pipeline.length_warning() ==
        "a text of " + std::to_string(length) + " tokens, longer than the model's context of 80");
}

TEST_CASE("texts beyond what the model was trained on are written with a warning") {
  Pipeline pipeline = Pipeline::open(source_path("weights/causal-rope").string());
  GenerateOptions options;
  options.max_tokens = 4;
  options.min_tokens = 4;
  const std::vector<int32_t> prompts[] = {std::vector<int32_t>(252, 5)};
  pipeline.generate(prompts, options);
  CHECK(!pipeline.length_warning());
  const std::vector<int32_t> longer[] = {std::vector<int32_t>(253, 5)};
  pipeline.generate(longer, options);
  CHECK(pipeline.length_warning() ==
        "a text of 257 tokens, longer than the 256 that the model was trained on");
}

TEST_CASE_FIXTURE(Writer, "a prompt without special tokens is its text alone") {
  GenerateOptions options;
  options.max_tokens = 4;
  options.special = false;
  EncodeOptions plain;
  plain.special = false;
  const std::vector<int32_t> prompts[] = {pipeline.tokenizer().encode_ids("a b", plain)};
  const auto expected = pipeline.generate(prompts, options).prompts[0][0];
  CHECK(pipeline.generate("a b", options).ids == expected.ids);
}

TEST_CASE_FIXTURE(Writer, "beams give as many results as are asked for, best first") {
  const std::string prompts[] = {"the"};
  GenerateOptions options;
  options.max_tokens = 4;
  options.beams = 3;
  options.n_best = 2;
  const auto results = pipeline.generate(prompts, options).prompts[0];
  REQUIRE(results.size() == 2);
  CHECK(results[0].score >= results[1].score);
  options.stop = {"x"};
  CHECK_THROWS_WITH_AS(pipeline.generate(prompts, options), doctest::Contains("without beams"),
                       Error);
}

TEST_CASE_FIXTURE(Writer, "a cancelled generation returns what there is") {
  const std::string prompts[] = {"the"};
  GenerateOptions options;
  options.max_tokens = 30;
  const auto whole = pipeline.generate(prompts, options).prompts[0][0];
  int pieces = 0;
  options.on_text = [&](int64_t, std::string_view) {
    if (++pieces == 3) pipeline.cancel();
    return true;
  };
  const auto cut = pipeline.generate(prompts, options);
  CHECK(cut.cancelled);
  const auto& text = cut.prompts[0][0];
  CHECK(text.finish == Finish::cancelled);
  REQUIRE(text.ids.size() >= 3);
  CHECK(text.ids.size() < whole.ids.size());
  CHECK(std::equal(text.ids.begin(), text.ids.end(), whole.ids.begin()));
  CHECK(whole.text.starts_with(text.text));
  pipeline.resume();
  options.on_text = {};
  CHECK(pipeline.generate(prompts, options).prompts[0][0].ids == whole.ids);
}

}  // namespace locus::tests
