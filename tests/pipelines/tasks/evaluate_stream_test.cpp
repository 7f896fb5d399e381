// Documents that are streamed, against the same in memory: the figures are equal to the last bit.
#include <doctest/doctest.h>

#include <cstdlib>

#include "pipelines/document_stream.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/pipeline.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {
namespace {

std::string prose(int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) {
    text += "the cat " + std::to_string(i) + " and the dog of it , to be sure !";
    text += i % 7 == 0 ? "\n\n" : i % 3 == 0 ? "\n" : " ";
  }
  return text;
}

void check_equal(const Evaluation& streamed, const Evaluation& held) {
  CHECK(streamed.summary.tokens == held.summary.tokens);
  CHECK(streamed.summary.extent == held.summary.extent);
  CHECK(streamed.summary.nll == held.summary.nll);
  CHECK(streamed.summary.entropy == held.summary.entropy);
  CHECK(streamed.summary.top1 == held.summary.top1);
  CHECK(streamed.summary.top5 == held.summary.top5);
  CHECK(streamed.interval == held.interval);
  CHECK(streamed.unit == held.unit);
  CHECK(streamed.units == held.units);
  CHECK(streamed.lossy_share == held.lossy_share);
  REQUIRE(streamed.hashes.size() == held.hashes.size());
  for (size_t i = 0; i < held.hashes.size(); ++i) {
    CHECK(streamed.hashes[i].name == held.hashes[i].name);
    CHECK(streamed.hashes[i].sha256 == held.hashes[i].sha256);
  }
}

struct Texts {
  std::vector<std::string> paths;
  std::string separator = {};
  std::string field = {};
};

void compare(Pipeline& pipeline, const Texts& texts, const EvaluateOptions& options = {}) {
  const auto [paths, separator, field] = texts;
  std::vector<StreamedScore> scores;
  const auto streamed =
      pipeline.evaluate(stream_documents(paths, separator, {}, field), options,
                        [&](const StreamedScore& score) { scores.push_back(score); });
  const auto held = pipeline.evaluate(read_documents(paths, separator, {}, field), options);
  check_equal(streamed, held);
  size_t at = 0;
  for (size_t text = 0; text < held.scores.size(); ++text) {
    for (const TokenScore& score : held.scores[text]) {
      REQUIRE(at < scores.size());
      CHECK(scores[at].text == text);
      CHECK(scores[at].score.nll == score.nll);
      CHECK(scores[at].byte_begin == held.texts[text].byte_begin[static_cast<size_t>(score.index)]);
      ++at;
    }
  }
  CHECK(at == scores.size());
}

TEST_CASE("streamed figures are those of texts in memory, for every convention and task") {
  const TemporaryFolder folder;
  const Texts texts{{folder.write("a.txt", prose(60)), folder.write("b.txt", prose(9))}};
  auto causal = Pipeline::open(model_with_tokenizer(folder, "gpt2/lm"));
  for (const char* name : {"sliding", "disjoint", "llama.cpp", "hf"}) {
    CAPTURE(name);
    EvaluateOptions options;
    options.convention = parse_convention(name);
    options.context = 24;
    compare(causal, texts, options);
  }
  auto masked = Pipeline::open(model_with_tokenizer(folder, "bert/lm"));
  for (const char* task : {"masked", "masked-word"}) {
    for (const int64_t sample : {0, 20}) {
      CAPTURE(task);
      EvaluateOptions options;
      options.task = task;
      options.sample = sample;
      compare(masked, texts, options);
    }
  }
}

TEST_CASE("streamed documents are cut, named and left out as those in memory") {
  const TemporaryFolder folder;
  auto pipeline = Pipeline::open(model_with_tokenizer(folder, "gpt2/lm"));
  std::string parts, lines;
  for (int i = 0; i < 20; ++i) {
    parts += (i == 3 ? " \n" : prose(i + 2)) + "\n--\n";
    lines += "{\"text\":\"the cat and " + std::to_string(i) + " more of the hat\"}\n" +
             (i == 5 ? "\n" : "");
  }
  const std::string file = folder.write("parts.txt", parts);
  compare(pipeline, {{file}, "\\n--\\n"});
  compare(pipeline, {{file}, "no such separator"});
  const std::string json = folder.write("lines.jsonl", lines);
  compare(pipeline, {{json}, {}, "text"});
  REQUIRE(std::system(("gzip -k " + file).c_str()) == 0);
  compare(pipeline, {{file + ".gz"}, "\\n--\\n"});
  const auto blank = stream_documents({folder.write("blank.txt", " \n\n")}, "");
  CHECK_THROWS_AS(pipeline.evaluate(blank), Error);
}

TEST_CASE("a text of many parts has the figures of one, and the words that cross them") {
  const TemporaryFolder folder;
  auto pipeline = Pipeline::open(model_with_tokenizer(folder, "bert/lm"));
  EvaluateOptions options;
  options.sample = 40;
  compare(pipeline, {{folder.write("long.txt", prose(16000))}}, options);
}

TEST_CASE("a stream of nothing is an error") {
  const TemporaryFolder folder;
  auto pipeline = Pipeline::open(model_with_tokenizer(folder, "gpt2/lm"));
  const char* const says = "documents: expected a stream of them, found none";
  const OpenDocuments nothing = [] { return std::unique_ptr<DocumentStream>(); };
  for (const OpenDocuments& open : {OpenDocuments(), nothing}) {
    CHECK_THROWS_WITH_AS(pipeline.evaluate(open), says, Error);
    CHECK_THROWS_WITH_AS(drawn_documents(open, 3, 0), says, Error);
  }
}

TEST_CASE("a file that is another one at its second reading ends the evaluation") {
  const TemporaryFolder folder;
  auto pipeline = Pipeline::open(model_with_tokenizer(folder, "gpt2/lm"));
  const std::string file = folder.write("a.txt", prose(200));
  int readings = 0;
  const OpenBytes open = [&](const std::filesystem::path& path) {
    if (++readings == 3) folder.write("a.txt", prose(100));  // when tokens are scored
    return open_bytes(path);
  };
  CHECK_THROWS_WITH_AS(pipeline.evaluate(stream_documents({file}, "", open)),
                       (file + ": expected as many tokens as were counted, found fewer").c_str(),
                       Error);
}

}  // namespace
}  // namespace locus::tests
