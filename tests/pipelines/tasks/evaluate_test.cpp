// Perplexity of texts, against the scorers on their ids.
#include <doctest/doctest.h>

#include <cmath>

#include "pipelines/documents.hpp"
#include "pipelines/pipeline.hpp"
#include "pipelines/scoring_tokens.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {
namespace {

std::string long_text() {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "the cat and the hat of it . ";
  return text;
}

}  // namespace

TEST_CASE("the perplexity of a text is that of its ids in the model's windows") {
  const TemporaryFolder folder;
  auto pipeline = Pipeline::open(model_with_tokenizer(folder, "gpt2/lm"));
  const auto found = pipeline.evaluate(long_text());

  CausalSettings settings;
  settings.windows.context = default_context(*pipeline.model().graph());
  settings.bos = pipeline.model().special().bos;
  if (!settings.bos) settings.bos = pipeline.tokenizer().special_ids().bos;
  const std::vector<Document> documents{{"text", long_text()}};
  const auto texts = make_texts(pipeline.tokenizer(), documents);
  const auto expected = summarize(texts, score_causal(pipeline.session(), texts, settings));
  CHECK(found.summary.tokens == expected.tokens);
  CHECK(found.summary.nll == expected.nll);
  CHECK(*found.summary.bits_per_byte == *expected.bits_per_byte);
  CHECK(found.interval.low <= expected.nll / static_cast<double>(expected.tokens));
  CHECK(found.settings.task == ScoringTask::causal);

  const auto of_ids = pipeline.evaluate(std::vector{Text{"ids", texts[0].ids, {}, {}, {}}});
  CHECK(of_ids.summary.nll == expected.nll);
  CHECK_FALSE(of_ids.summary.bits_per_byte);

  EvaluateOptions alone;
  alone.sums_alone = true;
  const auto sums = pipeline.evaluate(long_text(), alone);
  CHECK(sums.summary.nll == expected.nll);
  CHECK(sums.interval == Interval{});
  CHECK(sums.hashes.empty());
  CHECK_FALSE(sums.lossy_share);
}

TEST_CASE("a masked model's figure needs no word of the caller's about its tokens") {
  const TemporaryFolder folder;
  auto pipeline = Pipeline::open(model_with_tokenizer(folder, "bert/lm"));
  EvaluateOptions options;
  options.sample = 8;
  const auto found = pipeline.evaluate("the cat and the hat", options);
  CHECK(found.settings.tokens.mask == 4);
  CHECK(found.settings.tokens.before == std::vector<int32_t>{2});
  CHECK(found.settings.tokens.after == std::vector<int32_t>{3});
  CHECK(found.summary.tokens == 8);
  options.sample = -1;
  CHECK_THROWS_WITH_AS(pipeline.evaluate("the cat", options),
                       "sample: expected 0 or more, found -1", Error);
  options.task = "causal";
  CHECK_THROWS_WITH_AS(pipeline.evaluate("the cat", options),
                       "perplexity: expected a task of a masked-lm model, found causal", Error);
}

TEST_CASE("options of which the task makes no use are refused by name") {
  const TemporaryFolder folder;
  const std::string masked = model_with_tokenizer(folder, "bert/lm");
  const std::string causal = model_with_tokenizer(folder, "gpt2/lm");
  struct Case {
    std::string model;
    EvaluateOptions options;
    std::string says;
  };
  const auto with = [](const auto& set) {
    EvaluateOptions options;
    set(options);
    return options;
  };
  const std::string of_masked = ": expected none for the task 'masked', found ";
  for (const auto& [model, options, says] : std::vector<Case>{
           {masked, with([](auto& o) { o.stride = 64; }), "stride" + of_masked + "64"},
           {masked, with([](auto& o) { o.convention = Convention::hf; }),
            "convention" + of_masked + "hf"},
           {masked, with([](auto& o) { o.begin.given = true; }), "begin token" + of_masked + "one"},
           {causal, with([](auto& o) { o.sample = 8; }),
            "sample: expected none for the task 'causal', found 8"},
           {causal, with([](auto& o) {
              o.convention = Convention::lm_eval;
              o.stride = 4;
            }),
            "stride: expected none with the convention 'lm-eval', found 4"},
           {causal, with([](auto& o) { o.context = 0; }), "context: expected at least 2, found 0"},
           {masked, with([](auto& o) { o.context = 0; }), "context: expected at least 2, found 0"},
           {causal, with([](auto& o) { o.stride = 0; }), "stride: expected at least 1, found 0"},
       }) {
    auto pipeline = Pipeline::open(model);
    CHECK_THROWS_WITH_AS(pipeline.evaluate("the cat", options), says.c_str(), Error);
    CHECK_THROWS_WITH_AS(pipeline.evaluate(std::vector{Text{"a", {5, 6}, {}, {}, {}}}, options),
                         says.c_str(), Error);
  }
}

TEST_CASE("an evaluation tells its progress, and ends where it is cancelled") {
  const TemporaryFolder folder;
  auto pipeline = Pipeline::open(model_with_tokenizer(folder, "gpt2/lm"));
  EvaluateOptions options;
  options.stride = 1;
  int64_t last = 0, total = 0;
  options.progress = [&](int64_t done, int64_t all) {
    CHECK(done > last);
    last = done;
    total = all;
  };
  const auto whole = pipeline.evaluate(long_text(), options);
  CHECK(last == total);
  CHECK(total == whole.summary.tokens);
  options.progress = [&](int64_t, int64_t) { pipeline.cancel(); };
  CHECK(ends_cancelled([&] { pipeline.evaluate(long_text(), options); }));
  pipeline.resume();
  options.progress = {};
  CHECK(pipeline.evaluate(long_text(), options).summary.nll == whole.summary.nll);
}

TEST_CASE("documents are read from files and folders, cut, and named") {
  const TemporaryFolder folder;
  folder.write("texts/a.txt", "one\n--\ntwo");
  folder.write("texts/b.txt", " \n");
  const auto documents = read_documents({(folder / "texts").string()}, "\\n--\\n");
  REQUIRE(documents.size() == 2);
  CHECK(documents[0].raw == "one");
  CHECK(documents[1].name == (folder / "texts/a.txt").string() + "#2");
  CHECK_THROWS_AS(read_documents({(folder / "none").string()}, ""), Error);
}

}  // namespace locus::tests
