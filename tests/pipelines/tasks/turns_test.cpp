// One call at a time, and none of a pipeline that holds nothing: each is an Error that says so.
#include <doctest/doctest.h>

#include <functional>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "pipelines/text_run.hpp"
#include "pipelines/tokenizers.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests {
namespace {

constexpr const char* busy =
    "pipeline: expected one call at a time: share() makes a pipeline for another thread or a "
    "callback, found a call that has not ended";

struct Two {
  TemporaryFolder folder;
  Pipeline causal = Pipeline::open(model_with_tokenizer(folder, "gpt2/lm"));
  Pipeline masked = Pipeline::open(model_with_tokenizer(folder, "bert/lm"));
};

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// Every call that runs a model.
std::vector<std::function<void(Pipeline&)>> runs() {
  static const std::string texts[] = {"the cat"};
  static const std::vector<int32_t> ids[] = {{5, 6}};
  static const ModelInput input{{5, 6}};
  return {
      [](Pipeline& p) { p.fill_mask("the [MASK]"); },
      [](Pipeline& p) { p.fill_mask(input); },
      [](Pipeline& p) { p.embed("the cat"); },
      [](Pipeline& p) { p.embed(texts); },
      [](Pipeline& p) { p.embed(input); },
      [](Pipeline& p) { p.rerank("the", texts); },
      [](Pipeline& p) { p.classify("the cat"); },
      [](Pipeline& p) { p.classify(input); },
      [](Pipeline& p) { p.choose("the", texts); },
      [](Pipeline& p) { p.tag("the cat"); },
      [](Pipeline& p) { p.find_replaced("the cat"); },
      [](Pipeline& p) { p.answer("who?", "the cat"); },
      [](Pipeline& p) { p.generate("the cat"); },
      [](Pipeline& p) { p.generate(texts); },
      [](Pipeline& p) { p.generate(ids); },
      [](Pipeline& p) { p.evaluate("the cat"); },
      [](Pipeline& p) {
        p.evaluate(std::vector{Document{"a", "the cat"}});
      },
      [](Pipeline& p) {
        p.evaluate(std::vector{Text{"a", {5, 6}, {}, {}, {}}});
      },
      [](Pipeline& p) { p.evaluate(OpenDocuments{}); },
      [](Pipeline& p) {
        p.evaluate(std::vector{Document{"a", "a"}}, std::vector{Document{"b", "b"}});
      },
      [](Pipeline& p) { const TextRun run(p, nullptr); },
  };
}

}  // namespace

TEST_CASE_FIXTURE(Two, "any call of a pipeline that was moved from is an Error") {
  Pipeline taken = std::move(causal);
  auto calls = runs();
  calls.insert(calls.end(),
               {[](Pipeline& p) { p.model(); }, [](Pipeline& p) { p.tokenizer(); },
                [](Pipeline& p) { p.session(); }, [](Pipeline& p) { p.share(); },
                [](Pipeline& p) { p.length_warning(); }, [](Pipeline& p) { p.unread_keys(); }});
  for (size_t call = 0; call < calls.size(); ++call) {
    CAPTURE(call);
    CHECK(message_of([&] { calls[call](causal); }) ==
          "pipeline: expected one that holds a model, found one that was moved from");
  }
  causal.cancel();
  causal.resume();
  causal = std::move(taken);
  CHECK_FALSE(causal.generate("the cat").ids.empty());
  CHECK(message_of([] { Pipeline(std::shared_ptr<const Model>()); }) ==
        "pipeline: expected a model, found none");
}

TEST_CASE_FIXTURE(Two, "a callback that calls its own pipeline is refused, and changes no text") {
  GenerateOptions options;
  options.max_tokens = 4;
  const std::string expected = causal.generate("the cat", options).text;
  std::vector<std::string> said;
  options.on_text = [&](int64_t, std::string_view) {
    for (const auto& call : runs()) said.push_back(message_of([&] { call(causal); }));
    CHECK(causal.tokenizer().size() > 0);  // is open
    Pipeline another = causal.share();
    CHECK(another.evaluate("the cat").summary.tokens > 0);
    return true;
  };
  CHECK(causal.generate("the cat", options).text == expected);
  REQUIRE(said.size() >= runs().size());
  for (const std::string& message : said) {
    const bool other_task = message.find("expected a masked language model") != std::string::npos;
    if (!other_task) CHECK(message == busy);
  }

  said.clear();
  options.on_text = [&](int64_t, std::string_view) {
    causal.generate("the cat");
    return true;
  };
  CHECK(message_of([&] { causal.generate("the cat", options); }) == busy);
  EvaluateOptions scoring;
  scoring.progress = [&](int64_t, int64_t) { masked.fill_mask("the [MASK]"); };
  CHECK(message_of([&] { masked.evaluate("the cat", scoring); }) == busy);
  CHECK(masked.fill_mask("the [MASK]").size() == 1);  // is free again
}

TEST_CASE_FIXTURE(Two, "a second thread on one pipeline is told what to do") {
  std::promise<void> begun, seen;
  GenerateOptions options;
  options.max_tokens = 2;
  options.on_text = [&, first = true, go_on = seen.get_future().share()](int64_t,
                                                                         std::string_view) mutable {
    if (std::exchange(first, false)) begun.set_value();
    go_on.wait();
    return false;
  };
  std::thread other([&] { causal.generate("the cat", options); });
  begun.get_future().wait();
  CHECK(message_of([&] { causal.evaluate("the cat"); }) == busy);
  seen.set_value();
  other.join();
  CHECK(causal.evaluate("the cat").summary.tokens > 0);
}

TEST_CASE_FIXTURE(Two, "a pipeline serves a run of texts alone while it lives") {
  {
    TextRun run(causal, nullptr);
    CHECK(message_of([&] { causal.generate("the cat"); }) == busy);
    CHECK(message_of([&] { const TextRun second(causal, nullptr); }) == busy);
  }
  CHECK_FALSE(causal.generate("the cat").ids.empty());
}

}  // namespace locus::tests
