// Continuations of tiny models against those that transformers gives.
#include <doctest/doctest.h>

#include <fstream>

#include "base/json/values.hpp"
#include "models/generate.hpp"
#include "models/model.hpp"
#include "tests/support/paths.hpp"

namespace locus {
namespace {

using nlohmann::json;
using Prompts = std::vector<std::vector<int32_t>>;

json read_cases(const char* name) {
  std::ifstream file(tests::source_path("tests/goldens/decoding") / name);
  return json::parse(file);
}

EarlyStopping early_stopping_of(const json& settings) {
  if (!settings.contains("early_stopping")) return EarlyStopping::heuristic;
  return settings["early_stopping"].is_string() ? EarlyStopping::never : EarlyStopping::always;
}

GenerationSettings settings_of(const json& cases, const json& example) {
  const json& given = example["settings"];
  GenerationSettings settings;
  settings.max_tokens = cases["new_tokens"];
  settings.end = {cases["ends"][example["model"].get<std::string>()].get<int32_t>()};
  if (given.contains("eos_token_id"))
    settings.end = given["eos_token_id"].get<std::vector<int32_t>>();
  settings.decoder_start = 0;
  settings.beam.beams = given.value("num_beams", 1);
  settings.beam.n_best = given.value("num_return_sequences", 1);
  settings.beam.length_penalty = given.value("length_penalty", 1.0);
  settings.beam.early_stopping = early_stopping_of(given);
  settings.repetition.penalty = given.value("repetition_penalty", 1.0);
  settings.repetition.no_ngram = given.value("no_repeat_ngram_size", 0);
  return settings;
}

void check_results(const std::vector<Generated>& found, const json& expected) {
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CHECK(found[i].ids == expected[i]["ids"].get<std::vector<int32_t>>());
    if (expected[i]["score"].is_null()) continue;
    CHECK(found[i].score == doctest::Approx(expected[i]["score"].get<double>()).epsilon(1e-4));
  }
}

void decode_as_transformers(const json& cases, BeamRules rules) {
  const auto prompts = cases["prompts"].get<Prompts>();
  for (const json& example : cases["cases"]) {
    const std::string name = example["model"], title = example["name"];
    CAPTURE(name);
    CAPTURE(title);
    const auto model = Model::open(tests::source_path("tests/goldens/decoding") / name);
    Session session(model->graph(), {.threads = 2});
    GenerationSettings settings = settings_of(cases, example);
    settings.beam.rules = rules;
    const auto found = generate(session, prompts, settings);
    REQUIRE(found.size() == prompts.size());
    for (size_t i = 0; i < prompts.size(); ++i) {
      CAPTURE(i);
      check_results(found[i], example["results"][i]);
      const auto alone = generate(session, {&prompts[i], 1}, settings);
      check_results(alone[0], example["results"][i]);
    }
  }
}

TEST_CASE("greedy and beam search give the ids and scores of transformers, prompts together") {
  decode_as_transformers(read_cases("cases.json"), BeamRules::transformers_4);
}

TEST_CASE("beam search by the rules of transformers 5 gives its ids and scores") {
  decode_as_transformers(read_cases("cases5.json"), BeamRules::transformers_5);
}

}  // namespace
}  // namespace locus
