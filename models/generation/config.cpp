// Keys and defaults: transformers' GenerationConfig.
#include "models/generation/config.hpp"

#include <array>
#include <cstdlib>
#include <limits>
#include <sstream>

namespace locus::generation {
namespace {

constexpr auto keys = std::to_array<std::string_view>({
    "max_length",
    "max_new_tokens",
    "min_length",
    "min_new_tokens",
    "early_stopping",
    "max_time",
    "stop_strings",
    "do_sample",
    "num_beams",
    "num_beam_groups",
    "penalty_alpha",
    "dola_layers",
    "temperature",
    "top_k",
    "top_h",
    "top_p",
    "min_p",
    "typical_p",
    "epsilon_cutoff",
    "eta_cutoff",
    "diversity_penalty",
    "repetition_penalty",
    "encoder_repetition_penalty",
    "length_penalty",
    "no_repeat_ngram_size",
    "encoder_no_repeat_ngram_size",
    "bad_words_ids",
    "force_words_ids",
    "renormalize_logits",
    "constraints",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "remove_invalid_values",
    "exponential_decay_length_penalty",
    "suppress_tokens",
    "begin_suppress_tokens",
    "forced_decoder_ids",
    "sequence_bias",
    "token_healing",
    "guidance_scale",
    "watermarking_config",
    "num_return_sequences",
    "decoder_start_token_id",
});

constexpr int64_t default_top_k = 50;  // of the config class, where a config asks for draws

void expect_number(const Config& config, std::string_view key, double only) {
  const double number = config.number(key, only);
  if (number == only) return;
  std::ostringstream expected, found;
  expected << only;
  found << number;
  config.fail(key, expected.str(), found.str());
}

/// What changes results in ways that are not known here.
void refuse_unknown(const Config& config) {
  expect_number(config, "num_beam_groups", 1);
  expect_number(config, "diversity_penalty", 0);
  expect_number(config, "penalty_alpha", 0);
  expect_number(config, "guidance_scale", 1);
  for (const char* key : {"top_h", "dola_layers", "constraints", "force_words_ids",
                          "watermarking_config", "forced_decoder_ids", "max_time"}) {
    if (config.has(key)) config.fail(key, "none", "one");
  }
  if (config.boolean("token_healing", false)) config.fail("token_healing", "false", "true");
  if (config.ids("forced_eos_token_id").size() > 1) {
    config.fail("forced_eos_token_id", "one id", "several");
  }
  // `remove_invalid_values` mends logits that are not finite; here they are an error.
  config.boolean("remove_invalid_values", false);
}

void read_beams(const Config& config, BeamSettings& beam) {
  const bool newer = std::atoi(config.text(version_key, "").c_str()) >= 5;
  beam.rules = newer ? BeamRules::transformers_5 : BeamRules::transformers_4;
  beam.beams = config.count("num_beams", 1);
  beam.length_penalty = config.number("length_penalty", 1);
  beam.n_best = config.count("num_return_sequences", 1);
  if (beam.n_best > beam.beams) {
    config.fail("num_return_sequences", "at most " + std::to_string(beam.beams) + ", the beams",
                std::to_string(beam.n_best));
  }
  if (!config.is_text("early_stopping")) {
    const bool always = config.boolean("early_stopping", false);
    beam.early_stopping = always ? EarlyStopping::always : EarlyStopping::heuristic;
    return;
  }
  const std::string when = config.text("early_stopping", "");
  if (when != "never") config.fail("early_stopping", "true, false or never", "'" + when + "'");
  beam.early_stopping = EarlyStopping::never;
}

void read_sampling(const Config& config, SamplingSettings& sampling) {
  const bool draws = config.boolean("do_sample", false);
  if (draws) sampling.temperature = config.number("temperature", 1);
  sampling.top_k = config.whole("top_k", draws ? default_top_k : 0);
  sampling.top_p = config.number("top_p", 1);
  sampling.min_p = config.number("min_p", 0);
  sampling.typical_p = config.number("typical_p", 1);
  sampling.epsilon = config.number("epsilon_cutoff", 0);
  sampling.eta = config.number("eta_cutoff", 0);
}

void read_repetition(const Config& config, RepetitionSettings& repetition) {
  repetition.penalty = config.number("repetition_penalty", 1);
  repetition.no_ngram = config.whole("no_repeat_ngram_size", 0);
  repetition.source_penalty = config.number("encoder_repetition_penalty", 1);
  repetition.no_source_ngram = config.whole("encoder_no_repeat_ngram_size", 0);
}

void read_length(const Config& config, LengthSettings& length) {
  length.min = config.whole("min_length", 0);
  length.min_new = config.whole("min_new_tokens", 0);
  length.max = config.whole("max_length", 0);
  length.max_new = config.whole("max_new_tokens", 0);
  // The library's default of 2019, which configs of those years hold; it stands for new tokens.
  if (length.max == 20 && length.max_new == 0) {
    length.max_new = length.max;
    length.max = 0;
  }
  const std::string_view key = "exponential_decay_length_penalty";
  const std::vector<double> decay = config.numbers(key);
  if (decay.empty()) return;
  constexpr double limit = std::numeric_limits<int32_t>::max();
  if (decay.size() != 2 || decay[0] < 0 || decay[0] > limit || decay[1] <= 0) {
    config.fail(key, "a number of tokens and a factor above 0", "something else");
  }
  length.decay_after = static_cast<int64_t>(decay[0]);
  length.decay = decay[1];
}

void read_words(const Config& config, ForcedSettings& forced) {
  forced.first_suppressed = config.ids("begin_suppress_tokens");
  forced.bad_words = config.id_lists("bad_words_ids");
  for (auto& [ids, bias] : config.weighted_ids("sequence_bias")) {
    forced.biases.push_back({std::move(ids), bias});
  }
}

std::vector<std::string> stop_texts(const Config& config) {
  const std::string_view key = "stop_strings";
  if (config.is_text(key)) return {config.text(key, "")};
  return config.names(key);
}

}  // namespace

std::span<const std::string_view> generation_keys() { return keys; }

void read_generation_config(const Config& config, GenerationSettings& settings) {
  refuse_unknown(config);
  read_beams(config, settings.beam);
  read_sampling(config, settings.sampling);
  read_repetition(config, settings.repetition);
  read_length(config, settings.length);
  read_words(config, settings.forced);
  settings.renormalize = config.boolean("renormalize_logits", false);
  settings.stop_texts = stop_texts(config);
  if (settings.length.max_new > 0) settings.max_tokens = settings.length.max_new;
}

}  // namespace locus::generation
