// Scores of tiny models against a plain computation with PyTorch, token by token.
#include <doctest/doctest.h>

#include <fstream>
#include <map>

#include "base/error.hpp"
#include "base/json/values.hpp"
#include "evaluation/score.hpp"
#include "evaluation/score_infill.hpp"
#include "evaluation/score_masked.hpp"
#include "models/checkpoint.hpp"
#include "models/model.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/paths.hpp"

namespace locus {
namespace {

using nlohmann::json;
using Ids = std::vector<int32_t>;

json read_scoring_cases() {
  std::ifstream file(tests::source_path("tests/goldens/scoring/cases.json"));
  return json::parse(file);
}

Session session_of(const std::string& folder) {
  const auto model = Model::open(tests::source_path("tests/goldens/" + folder));
  return Session(model->graph(), {.threads = 2});
}

Text text_of(const json& ids, size_t count = SIZE_MAX) {
  Text text;
  text.ids = ids.get<Ids>();
  text.ids.resize(std::min(count, text.ids.size()));
  return text;
}

/// `{"index": nll}`, or a list.
std::map<int64_t, double> losses_of(const json& expected) {
  std::map<int64_t, double> losses;
  for (const auto& [index, nll] : expected.items()) losses[std::stoll(index)] = nll;
  return losses;
}

void check_scores(const TextScores& found, const std::map<int64_t, double>& expected) {
  REQUIRE(found.size() == expected.size());
  double sum = 0, expected_sum = 0;
  for (const TokenScore& score : found) {
    CAPTURE(score.index);
    REQUIRE(expected.contains(score.index));
    CHECK(score.nll == doctest::Approx(expected.at(score.index)).epsilon(1e-4));
    sum += score.nll;
    expected_sum += expected.at(score.index);
  }
  CHECK(sum == doctest::Approx(expected_sum).epsilon(1e-5));
}

TEST_CASE("causal losses under every convention are PyTorch's, token by token") {
  const json cases = read_scoring_cases();
  Session session = session_of("decoding/gpt2");
  const std::vector<Text> texts{text_of(cases["ids"])};
  for (const json& rule : cases["causal"]) {
    CausalSettings settings;
    settings.windows.convention = parse_convention(rule["convention"].get<std::string>());
    settings.windows.context = rule["context"];
    settings.windows.stride = rule["stride"];
    if (rule["bos"]) settings.bos = 0;
    settings.batch.batch_tokens = 50;
    CAPTURE(name_of(settings.windows.convention));
    CAPTURE(settings.bos.has_value());
    check_scores(score_causal(session, texts, settings)[0], losses_of(rule["nll"]));
  }
}

TEST_CASE("pseudo-log-likelihoods are PyTorch's, with one mask and with the rest of the word") {
  const json cases = read_scoring_cases();
  Session session = session_of("scoring/bert");
  std::vector<Text> texts{text_of(cases["ids"], 24)};
  texts[0].word_start = cases["word_starts"].get<std::vector<uint8_t>>();
  MaskedSettings settings;
  settings.mask = 2;
  settings.before = {1};
  settings.after = {3};
  settings.context = 16;
  settings.sample = 0;
  settings.batch.batch_tokens = 100;
  const auto expected = [&](const char* name) {
    std::map<int64_t, double> losses;
    for (size_t i = 0; i < cases[name].size(); ++i)
      losses[static_cast<int64_t>(i)] = cases[name][i];
    return losses;
  };
  check_scores(score_masked(session, texts, settings)[0], expected("masked"));
  settings.masking = Masking::word;
  check_scores(score_masked(session, texts, settings)[0], expected("masked_word"));
}

TEST_CASE("span-infill losses are PyTorch's, sentinels not scored") {
  const json cases = read_scoring_cases();
  Session session = session_of("decoding/t5");
  const std::vector<Text> texts{text_of(cases["ids"])};
  InfillSettings settings;
  settings.sentinels = cases["sentinels"].get<Ids>();
  settings.decoder_start = 0;
  settings.end = 36;
  std::vector<InfillWindow> windows;
  std::map<int64_t, double> expected;
  for (const json& window : cases["infill"]) {
    std::vector<TokenSpan> spans;
    for (const json& span : window["spans"]) spans.push_back({span[0], span[1]});
    windows.push_back({0, window["begin"], window["end"], spans});
    expected.merge(losses_of(window["nll"]));
  }
  check_scores(score_infill(session, texts, windows, settings)[0], expected);
}

TEST_CASE("losses given a source are PyTorch's, in windows that the decoder start opens") {
  const json cases = read_scoring_cases();
  Session session = session_of("decoding/t5");
  const std::vector<Text> targets{text_of(cases["ids"], 25)};
  const std::vector<Ids> sources{cases["source"].get<Ids>()};
  SourceSettings settings;
  settings.context = 10;
  std::map<int64_t, double> expected;
  for (size_t i = 0; i < cases["given_source"].size(); ++i) {
    expected[static_cast<int64_t>(i)] = cases["given_source"][i];
  }
  check_scores(score_given_source(session, sources, targets, settings)[0], expected);
}

TEST_CASE("a decoder that looks ahead is not scored, by infilling or given a source") {
  const auto model = Model::open(tests::source_path("tests/goldens/decoding/t5"));
  GraphSpec spec = model->spec();
  for (NodeSpec& node : spec.nodes) {
    if (node.attributes.text(node.name, "visibility", "all") == "causal") {
      node.attributes.set("visibility", std::string("all"));
    }
  }
  Session session(std::make_shared<const Graph>(spec, stored_weights(*model)));
  REQUIRE(session.graph().looks_ahead());
  const std::string refused =
      "scoring: expected a model whose predictions see no later token, found 't5' with attention "
      "to both sides";
  const std::vector<Text> texts{text_of(read_scoring_cases()["ids"])};
  const std::vector<Ids> sources{{1, 2, 3}};
  InfillSettings infill;
  infill.sentinels = {40, 39};
  const std::vector<InfillWindow> windows{{0, 0, 8, {{1, 2}}}};
  using tests::failure_of;
  CHECK(failure_of([&] { score_given_source(session, sources, texts, {}); }) == refused);
  CHECK(failure_of([&] { score_infill(session, texts, infill); }) == refused);
  CHECK(failure_of([&] { score_infill(session, texts, windows, infill); }) == refused);
}

TEST_CASE("windows longer than the model's positions are refused before anything runs") {
  Session session = session_of("decoding/gpt2");
  const std::vector<Text> texts{text_of(read_scoring_cases()["ids"])};
  CausalSettings settings;
  settings.windows.context = 49;
  CHECK_THROWS_WITH_AS(score_causal(session, texts, settings),
                       "context: expected at most 48 positions, found 49", Error);
}

}  // namespace
}  // namespace locus
