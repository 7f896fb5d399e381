// Every key of generation_config.json against transformers: its continuations, or a refusal.
#include "models/generation/rules.hpp"
#include "base/json/values.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "models/generate.hpp"
#include "models/generation/choice.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json read_rules() { return json::parse(read_file(golden_path("decoding/rules.json"))); }

/// A model of the goldens with a generation_config.json.
std::shared_ptr<const Model> with_generation(const std::string& model, const json& generation) {
  const TemporaryFolder folder;
  for (const char* name : {"config.json", "model.safetensors"}) {
    fs::copy_file(golden_path("decoding/" + model) / name, folder / name);
  }
  folder.write("generation_config.json", generation.dump());
  return Model::open(folder.path());
}

GenerationSettings settings_from(const json& generation) {
  return generation_settings(*with_generation("gpt2", generation));
}

void check_text(const std::shared_ptr<const Model>& model, const std::vector<int32_t>& prompt,
                const json& expected) {
  Session session(model->graph(), {1, false});
  GenerationSettings settings = generation_settings(*model);
  settings.max_tokens =
      default_max_tokens(settings, *model->graph(), static_cast<int64_t>(prompt.size()), 128);
  const Generated found = generate(session, {&prompt, 1}, settings)[0][0];
  CHECK(found.ids == expected["ids"].get<std::vector<int32_t>>());
  if (expected["score"].is_null()) return;
  CHECK(found.score == doctest::Approx(expected["score"].get<double>()).epsilon(1e-4));
}

/// What is said of a key's use: nothing where it is read, known to change nothing, or refused by
/// a line that names it.
std::string use_of(const std::string& key, const json& value) try {
  const auto model = with_generation("gpt2", {{key, value}});
  generation_settings(*model);
  return model->unread_keys().empty() ? "" : key + ": no use\n";
} catch (const Error& error) {
  const std::string said = error.what();
  return said.find(key) != said.npos ? "" : key + ": " + said + "\n";
}

}  // namespace

TEST_CASE("every key of generation_config.json in transformers 4.49 and 5 is accounted for") {
  const json known = json::parse(read_file(golden_path("config_keys.json")));
  std::string open;
  size_t seen = 0;
  for (const auto& [version, keys] : known["generation_config.json"]["*"].items()) {
    for (const auto& [key, fallback] : keys.items()) {
      open += use_of(key, fallback.is_null() ? json(1) : fallback);
      ++seen;
    }
  }
  CHECK(open == "");
  CHECK(seen > 140);
}

TEST_CASE("every rule of generation_config.json continues as transformers does, by beams too") {
  const json rules = read_rules();
  const auto prompts = rules["prompts"].get<std::vector<std::vector<int32_t>>>();
  for (const json& example : rules["texts"]) {
    CAPTURE(example["model"].get<std::string>());
    CAPTURE(example["config"].dump());
    const auto model = with_generation(example["model"], example["config"]);
    for (size_t i = 0; i < prompts.size(); ++i) {
      CAPTURE(i);
      check_text(model, prompts[i], example["results"][i]);
    }
  }
  CHECK(rules["texts"].size() == 66);
}

TEST_CASE("filters leave the tokens to draw from that transformers leaves") {
  const json rules = read_rules();
  CHECK(rules["filters"].size() == 18);
  for (const json& example : rules["filters"]) {
    CAPTURE(example["settings"].dump());
    json generation = example["settings"];
    generation["do_sample"] = true;
    if (!generation.contains("top_k")) generation["top_k"] = 0;
    const GenerationSettings settings = settings_from(generation);
    const auto logits = example["logits"].get<std::vector<float>>();
    std::vector<int32_t> kept;
    for (const auto& choice : generation::choices(logits, settings.sampling)) {
      kept.push_back(choice.id);
    }
    std::ranges::sort(kept);
    CHECK(kept == example["kept"].get<std::vector<int32_t>>());
  }
}

TEST_CASE("a config that asks for draws has transformers' defaults of them") {
  const SamplingSettings draws = settings_from({{"do_sample", true}}).sampling;
  CHECK(draws.temperature == 1);
  CHECK(draws.top_k == 50);
  const SamplingSettings without = settings_from({{"temperature", 0.7}, {"top_p", 0.5}}).sampling;
  CHECK(without.temperature == 0);
  CHECK(without.top_k == 0);
}

TEST_CASE("beams, lengths and stop texts of a generation config are taken over") {
  const GenerationSettings settings = settings_from({{"num_beams", 4},
                                                     {"num_return_sequences", 2},
                                                     {"length_penalty", 2.0},
                                                     {"early_stopping", "never"},
                                                     {"max_new_tokens", 9},
                                                     {"stop_strings", {"a", "b"}}});
  CHECK(settings.beam.beams == 4);
  CHECK(settings.beam.n_best == 2);
  CHECK(settings.beam.length_penalty == 2);
  CHECK(settings.beam.early_stopping == EarlyStopping::never);
  CHECK(settings.max_tokens == 9);
  CHECK(settings.stop_texts == std::vector<std::string>{"a", "b"});
  CHECK(settings_from({{"early_stopping", true}}).beam.early_stopping == EarlyStopping::always);
}

TEST_CASE("the version that wrote a folder says by which rules its beams are searched") {
  const auto rules = [](const char* version) {
    return settings_from({{"transformers_version", version}}).beam.rules;
  };
  CHECK(rules("5.24.0") == BeamRules::transformers_5);
  CHECK(rules("10.0.0.dev0") == BeamRules::transformers_5);
  CHECK(rules("4.49.0") == BeamRules::transformers_4);
  CHECK(settings_from({{"num_beams", 4}}).beam.rules == BeamRules::transformers_4);
  for (const char* group : {"models/gpt2/lm", "models5/llama/theta"}) {
    const bool newer = std::string_view(group).starts_with("models5");
    TinyFolder folder(golden_path(group));
    const TemporaryFolder place;
    folder.save(place.path());  // config.json alone
    const auto model = Model::open(place.path());
    CHECK((generation_settings(*model).beam.rules == BeamRules::transformers_5) == newer);
  }
}

TEST_CASE("a config.json without a generation_config.json beside it says the same") {
  TinyFolder folder(golden_path("decoding/gpt2"));
  folder.config["num_beams"] = 3;
  folder.config["min_length"] = 5;
  const TemporaryFolder written;
  folder.save(written / "model");
  const GenerationSettings settings = generation_settings(*Model::open(written / "model"));
  CHECK(settings.beam.beams == 3);
  CHECK(settings.length.min == 5);
  written.write("model/generation_config.json", "{}");
  CHECK(generation_settings(*Model::open(written / "model")).beam.beams == 1);
}

TEST_CASE("a text that may be no longer than its prompt is refused") {
  const auto model = with_generation("gpt2", {{"max_length", 6}});
  const GenerationSettings settings = generation_settings(*model);
  CHECK(default_max_tokens(settings, *model->graph(), 2, 128) == 4);
  CHECK_THROWS_WITH_AS(default_max_tokens(settings, *model->graph(), 6, 128),
                       "max_length: expected more than the 6 tokens of the prompt, found 6", Error);
}

TEST_CASE("without a limit of any kind, a text has the usual length, also after no prompt") {
  const auto model = Model::open(tests::source_path("weights/causal-alibi"));
  for (const int64_t prompt : {0, 1, 900}) {
    CHECK(default_max_tokens(GenerationSettings(), *model->graph(), prompt, 128) == 128);
  }
}

TEST_CASE("what changes a text in a way that is not known is refused by its name") {
  const std::vector<std::tuple<const char*, json, const char*>> refused{
      {"num_beam_groups", 2, "'num_beam_groups' to be 1, found 2"},
      {"diversity_penalty", 0.5, "'diversity_penalty' to be 0, found 0.5"},
      {"penalty_alpha", 0.6, "'penalty_alpha' to be 0, found 0.6"},
      {"guidance_scale", 1.5, "'guidance_scale' to be 1, found 1.5"},
      {"dola_layers", "low", "'dola_layers' to be none"},
      {"constraints", {1}, "'constraints' to be none"},
      {"force_words_ids", {{1, 2}}, "'force_words_ids' to be none"},
      {"watermarking_config", {{"bias", 2}}, "'watermarking_config' to be none"},
      {"forced_decoder_ids", {{1, 2}}, "'forced_decoder_ids' to be none"},
      {"max_time", 2.5, "'max_time' to be none"},
      {"token_healing", true, "'token_healing' to be false"},
      {"forced_eos_token_id", {1, 2}, "'forced_eos_token_id' to be one id"},
      {"num_return_sequences", 3, "'num_return_sequences' to be at most 1, the beams, found 3"},
      {"early_stopping", "soon", "'early_stopping' to be true, false or never, found 'soon'"},
      {"exponential_decay_length_penalty", {3}, "a number of tokens and a factor above 0"},
      {"sequence_bias", {{1, 2, 3}}, "a list of [ids, number]"},
      {"bad_words_ids", 5, "a list of lists of ids"},
      {"temperature", "hot", "'temperature' to be a number"},
  };
  for (const auto& [each, value, message] : refused) {
    const std::string key = each;
    CAPTURE(key);
    const json generation{{key, value}, {"do_sample", true}};
    CHECK_THROWS_WITH_AS(settings_from(generation), doctest::Contains(message), Error);
  }
}

TEST_CASE("a bad word of several tokens counts from a text of as many tokens on") {
  const float banned = -std::numeric_limits<float>::infinity();
  GenerationSettings settings;
  settings.forced.bad_words = {{2, 3}, {4}};
  settings.end = {4};
  const std::vector<int32_t> one{2}, two{0, 2};
  std::vector<float> values(5, 1);
  generation::constrain(values, {.history = one}, settings);
  CHECK(values == std::vector<float>(5, 1));  // and an end token is no bad word
  generation::constrain(values, {.history = two}, settings);
  CHECK(values == std::vector<float>{1, 1, 1, banned, 1});
}

TEST_CASE("a penalty that transformers applies to one beam alone is refused with several") {
  const auto model =
      with_generation("gpt2", {{"encoder_repetition_penalty", 2.5}, {"num_beams", 2}});
  Session session(model->graph(), {1, false});
  const std::vector<std::vector<int32_t>> prompts{{5}};
  CHECK_THROWS_WITH_AS(generate(session, prompts, generation_settings(*model)),
                       "encoder repetition penalty: expected 1 with several beams, found 2.5",
                       Error);
}

TEST_CASE("n-grams of the source are not written again") {
  const float banned = -std::numeric_limits<float>::infinity();
  const std::vector<int32_t> source{1, 2, 3, 1, 4}, history{0, 1};
  std::vector<float> values(5, 1);
  generation::discourage_repetition(values, {.history = history, .source = source},
                                    {.no_source_ngram = 2});
  CHECK(values == std::vector<float>{1, 1, banned, 1, banned});
  values.assign(5, 1);
  generation::discourage_repetition(values, {.history = history, .source = source},
                                    {.no_source_ngram = 4});
  CHECK(values == std::vector<float>(5, 1));
}

TEST_CASE("ids of words outside the vocabulary are refused") {
  const auto model = with_generation("gpt2", {{"bad_words_ids", {{99}}}});
  Session session(model->graph(), {1, false});
  const std::vector<std::vector<int32_t>> prompts{{5}};
  CHECK_THROWS_WITH_AS(generate(session, prompts, generation_settings(*model)),
                       doctest::Contains("ids below 40, found 99"), Error);
}

}  // namespace locus::tests
