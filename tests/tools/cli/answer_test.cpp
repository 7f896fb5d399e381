// Questions about a text, as a user asks them.
#include <doctest/doctest.h>

#include <cctype>

#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

using nlohmann::json;

struct AnsweringModel {
  TemporaryFolder folder;
  std::string model = model_with_tokenizer(folder, "bert/answer");
  std::string context = "the cat sat on a mat. the dog, at the door, was not so glad.";

  json answer(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"answer", model,       "--question", "who sat?",
                                       "--json", "--context", context};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments).json();
  }
};

}  // namespace

TEST_CASE_FIXTURE(AnsweringModel, "an answer is whole words of the context, with its bytes") {
  const auto best = answer({});
  const int64_t begin = best["begin"], end = best["end"];
  CHECK(best["answer"] == context.substr(begin, end - begin));
  CHECK(end > begin);
  CHECK(best["windows"] == 1);
  CHECK((begin == 0 || context[begin - 1] == ' ' || std::ispunct(context[begin]) != 0));
  CHECK(run({"run", model, context, "--question", "who sat?", "--json"}).json() == best);
  const auto list = answer({"--top", "4"})["answers"];
  REQUIRE(list.size() >= 2);
  CHECK(list[0]["answer"] == best["answer"]);
  CHECK(list[1]["score"].get<double>() <= list[0]["score"].get<double>());
}

TEST_CASE_FIXTURE(AnsweringModel, "the answer is that of transformers' pipeline") {
  const auto best = answer({});
  CHECK(best["answer"] == "on a mat");
  CHECK(best["begin"] == 12);
  CHECK(best["end"] == 20);
  CHECK(best["probability"].get<double>() == doctest::Approx(0.028300).epsilon(1e-4));
}

TEST_CASE_FIXTURE(AnsweringModel, "a context of any length is read in windows that overlap") {
  const auto once = answer({});
  std::string longer;
  for (int i = 0; i < 20; ++i) longer += context + " ";
  context = longer;
  const auto best = answer({});
  CHECK(best["windows"].get<int>() > 10);
  const int64_t begin = best["begin"], end = best["end"];
  CHECK(best["answer"] == context.substr(begin, end - begin));
  folder.write("context.txt", context);
  const auto read = run({"answer", model, "--question", "who sat?", "--json", "--context-file",
                         (folder / "context.txt").string()});
  CHECK(read.json() == best);
}

TEST_CASE_FIXTURE(AnsweringModel, "there may be no answer where that is asked for") {
  context = "b";
  const auto best = answer({});
  CHECK(best["answer"] == "b");
  const bool none = best["no_answer_score"].get<double>() > best["score"].get<double>();
  CHECK(answer({"--perhaps-none"})["answer"].is_null() == none);
}

TEST_CASE_FIXTURE(AnsweringModel, "a question, one context, and room for it are needed") {
  CHECK(run({"run", model, "a b"}).status == 2);
  CHECK(run({"answer", model, "--question", "a"}).status == 2);
  CHECK(run({"answer", model, "--question", "a", "--context", "b", "--context-file", "c"}).status ==
        2);
  std::string question = "a";
  for (int i = 0; i < 90; ++i) question += " b";
  const auto result = run({"answer", model, "--question", question, "--context", "b"});
  CHECK(result.status == 1);
  CHECK(result.err.starts_with("locus: question: expected fewer than 80 tokens"));
}

}  // namespace locus::tests
