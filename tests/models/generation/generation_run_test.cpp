#include "models/generation_run.hpp"

#include <doctest/doctest.h>

#include <map>

#include "base/error.hpp"
#include "models/model.hpp"
#include "tests/evaluation/scoring/score_bigram.hpp"
#include "tests/support/paths.hpp"

namespace locus {
namespace {

using Ids = std::vector<int32_t>;
using tests::bigram_session;

GenerationRun::Request request(Ids prompt, int64_t max_tokens, double temperature = 0) {
  GenerationRun::Request request{std::move(prompt), {}, 0};
  request.settings.max_tokens = max_tokens;
  request.settings.sampling.temperature = temperature;
  request.settings.sampling.seed = 3;
  return request;
}

Generated alone(const GenerationRun::Request& request) {
  Session session = bigram_session();
  return generate(session, {&request.prompt, 1}, request.settings).front().front();
}

}  // namespace

TEST_CASE("a text that joins others is the one that it is alone") {
  Session session = bigram_session();
  GenerationRun run(session);
  std::map<int64_t, GenerationRun::Request> requests;
  std::map<int64_t, Generated> results;
  const auto add = [&](const GenerationRun::Request& each) { requests[run.add(each)] = each; };
  add(request({1, 2}, 9));
  for (int step = 0; run.texts() > 0; ++step) {
    if (step == 2) add(request({4}, 3, 1.5));
    if (step == 4) add(request({0, 5, 3}, 8, 0.9));
    for (const auto& [number, text, failure] : run.step()) {
      CHECK(failure.empty());
      results[number] = text;
    }
  }
  REQUIRE(results.size() == 3);
  for (const auto& [number, each] : requests) {
    const Generated expected = alone(each);
    CHECK(results[number].ids == expected.ids);
    CHECK(results[number].score == doctest::Approx(expected.score).epsilon(1e-6));
    CHECK(results[number].finish == Finish::max_tokens);
  }
}

TEST_CASE("calls of a run that was moved from are errors") {
  Session session = bigram_session();
  GenerationRun run(session);
  const GenerationRun taken = std::move(run);
  const char* says = "generation: expected a run that holds texts, found one that was moved from";
  CHECK_THROWS_WITH_AS(run.add(request({1}, 1)), says, Error);
  CHECK_THROWS_WITH_AS(run.stop(0), says, Error);
  CHECK_THROWS_WITH_AS(run.texts(), says, Error);
  CHECK_THROWS_WITH_AS(run.step(), says, Error);
}

TEST_CASE(
    "a long prompt is read in slices while others grow, and gives the bits that it gives alone") {
  for (const std::string scheme : {"rope", "rope:scaling=dynamic,factor=2"}) {
    INFO(scheme);
    ModelOptions options;
    options.encoding = scheme;
    const auto model = Model::open(tests::source_path("weights/causal-rope"), options);
    const bool slices = scheme == "rope";
    CHECK(model->graph()->stepwise() == slices);
    Ids ids(150);
    for (size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int32_t>(3 + i * 37 % 4000);
    const GenerationRun::Request lengthy = request(ids, 3);
    GenerationRun::Request brief = request({1, 2, 3}, 40);
    int64_t tokens = 0;  // of the brief text
    brief.settings.on_token = [&](int64_t, int32_t) { return ++tokens > 0; };
    Session session(model->graph(), {});
    GenerationRun run(session);
    run.add(brief);
    run.step();
    const int64_t number = run.add(lengthy);
    int64_t steps = 0;
    std::optional<Generated> found;
    while (!found) {
      const auto ended = run.step();
      if (!ended.empty() && ended[0].number == number) found = ended[0].text;
      CHECK(tokens == ++steps + 1);
    }
    CHECK(steps == (slices ? 5 : 3));  // 64, 64 and 22 ids, and two tokens more
    Session alone(model->graph(), {});
    const Generated expected =
        generate(alone, {&lengthy.prompt, 1}, lengthy.settings).front().front();
    CHECK(found->ids == expected.ids);
    CHECK(found->score == expected.score);
  }
}

TEST_CASE("a text of a run draws by its place among its caller's prompts") {
  GenerationRun::Request first = request({1}, 7, 1.5), second = first;
  second.place = 1;
  Session session = bigram_session();
  const std::vector<Ids> prompts{{1}, {1}};
  const auto expected = generate(session, prompts, first.settings);
  Session other = bigram_session();
  GenerationRun run(other);
  const int64_t number = run.add(second);
  std::vector<GenerationRun::Ended> ended;
  while (ended.empty()) ended = run.step();
  CHECK(ended[0].number == number);
  CHECK(ended[0].text.ids == expected[1][0].ids);
}

TEST_CASE("a text that is stopped keeps what it has, and the others go on") {
  Session session = bigram_session();
  GenerationRun run(session);
  const int64_t first = run.add(request({1}, 20)), second = run.add(request({2}, 20));
  run.step();
  run.step();
  run.stop(first);
  const auto ended = run.step();
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].number == first);
  CHECK(ended[0].text.finish == Finish::stopped);
  CHECK(ended[0].text.ids.size() == 2);
  CHECK(run.texts() == 1);
  run.stop(second);
  CHECK(run.step().size() == 1);
  CHECK(run.step().empty());
}

TEST_CASE("a run refuses beams and prompts that make no sense, and goes on") {
  Session session = bigram_session();
  GenerationRun run(session);
  run.add(request({1}, 2));
  GenerationRun::Request beams = request({1}, 2);
  beams.settings.beam.beams = 2;
  CHECK_THROWS_WITH_AS(run.add(beams),
                       "a text of a run: expected a causal model without beams, found another",
                       Error);
  CHECK_THROWS_WITH_AS(run.add(request({}, 2)), "prompt 0: expected at least one token, found none",
                       Error);
  CHECK(run.texts() == 1);
  CHECK(run.step().empty());
}

}  // namespace locus
