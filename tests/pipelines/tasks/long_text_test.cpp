// A text that is far too long for its model is given up while it is read.
#include <doctest/doctest.h>

#include <functional>

#include "base/error.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/pipeline.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests::long_texts {
namespace {

using Task = std::function<void(Pipeline&, const std::string& text)>;

struct Case {
  const char* model;
  const char* name;
  Task task;
};

const Case cases[] = {
    {"gpt2/lm", "generate", [](Pipeline& p, const std::string& text) { p.generate(text, {}); }},
    {"gpt2/lm", "evaluate", [](Pipeline& p, const std::string& text) { p.evaluate(text, {}); }},
    {"bert/bare", "embed", [](Pipeline& p, const std::string& text) { p.embed(text, {}); }},
    {"bert/lm", "fill_mask", [](Pipeline& p, const std::string& text) { p.fill_mask(text, 1); }},
    {"bert/sequence", "classify",
     [](Pipeline& p, const std::string& text) { p.classify("a", text); }},
    {"bert/choice", "choose",
     [](Pipeline& p, const std::string& text) {
       p.choose("a", std::vector{text, text});
     }},
    {"bert/tokens", "tag", [](Pipeline& p, const std::string& text) { p.tag(text); }},
    {"bert/answer", "answer",
     [](Pipeline& p, const std::string& text) { p.answer("a", text, {}); }},
    {"electra/discriminator", "find_replaced",
     [](Pipeline& p, const std::string& text) { p.find_replaced(text); }},
    {"t5/lm", "generate", [](Pipeline& p, const std::string& text) { p.generate(text, {}); }},
};

TEST_CASE("every task gives up a text that it is still reading") {
  std::string text;
  while (text.size() < 300'000) text += "a b c ";
  for (const auto& [model, name, task] : cases) {
    const std::string shown = std::string(model) + ": " + name;
    INFO(shown);
    const auto& run = task;
    const TemporaryFolder folder;
    Pipeline pipeline = Pipeline::open(model_with_tokenizer(folder, model));
    pipeline.cancel();
    CHECK(ends_cancelled([&] { run(pipeline, text); }));
  }
}

TEST_CASE("documents are given up while they become texts, or are compared with what they become") {
  const TemporaryFolder folder;
  Pipeline pipeline = Pipeline::open(model_with_tokenizer(folder, "gpt2/lm"));
  const std::vector<Document> documents{{"long", std::string(600'000, 'a')}};
  int calls = 0;
  const CancelCheck third = [&] {
    if (++calls == 3) throw Error::cancellation();
  };
  CHECK(ends_cancelled([&] { make_texts(pipeline.tokenizer(), documents, third); }));
  calls = 0;
  CHECK(ends_cancelled([&] { lossy_share(pipeline.tokenizer(), documents, third); }));
  const std::vector<Document> two{{"kept", "a b c"}, {"changed", "a b\nc"}};
  CHECK(lossy_share(pipeline.tokenizer(), two) == doctest::Approx(4.0 / 10));
}

}  // namespace
}  // namespace locus::tests::long_texts
