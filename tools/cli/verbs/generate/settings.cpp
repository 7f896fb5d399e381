#include "tools/cli/verbs/generate/settings.hpp"

#include "base/error.hpp"

namespace locus::cli {
namespace {

EarlyStopping parse_early_stopping(const std::string& name) {
  if (name == "always" || name == "true") return EarlyStopping::always;
  return name == "never" ? EarlyStopping::never : EarlyStopping::heuristic;
}

template <typename Value, typename Given>
void replace_by(Value& value, const std::optional<Given>& given) {
  if (given) value = *given;
}

void take_beams(const GenerateOptions& options, BeamSettings& beam) {
  replace_by(beam.beams, options.beams);
  replace_by(beam.n_best, options.n_best);
  replace_by(beam.length_penalty, options.length_penalty);
  if (!options.early_stopping.empty()) {
    beam.early_stopping = parse_early_stopping(options.early_stopping);
  }
}

bool asks_for_draws(const GenerateOptions& options) {
  return options.temperature.value_or(0) > 0 || options.top_k || options.top_p || options.min_p ||
         options.typical_p;
}

/// A filter that is asked for asks for draws; beams that are asked for, or none, do not.
void take_sampling(const GenerateOptions& options, SamplingSettings& sampling) {
  replace_by(sampling.top_k, options.top_k);
  replace_by(sampling.top_p, options.top_p);
  replace_by(sampling.min_p, options.min_p);
  replace_by(sampling.typical_p, options.typical_p);
  sampling.seed = options.seed;
  if (asks_for_draws(options) && sampling.temperature == 0) sampling.temperature = 1;
  if (options.beams.value_or(1) > 1 && !asks_for_draws(options)) sampling.temperature = 0;
  replace_by(sampling.temperature, options.temperature);
}

}  // namespace

GenerationSettings generation_settings_of(const GenerateOptions& options, const Model& model) {
  GenerationSettings settings = generation_settings(model);
  if (asks_for_draws(options) && !options.beams) settings.beam.beams = settings.beam.n_best = 1;
  if (options.beams) settings.beam.n_best = 1;
  take_beams(options, settings.beam);
  take_sampling(options, settings.sampling);
  replace_by(settings.repetition.penalty, options.repetition_penalty);
  replace_by(settings.repetition.no_ngram, options.no_ngram);
  replace_by(settings.length.min_new, options.min_tokens);
  settings.stop_texts.insert(settings.stop_texts.end(), options.stop.begin(), options.stop.end());
  return settings;
}

std::string take_languages(const GenerateOptions& options, const Model& model,
                           const Tokenizer* tokenizer, GenerationSettings& settings) {
  const auto& [source, target] = options.languages;
  const std::string& family = model.spec().family;
  if (source.empty() && target.empty()) return "";
  if (!tokenizer) throw Error("--target-language", "a tokenizer in the model's folder", "none");
  if (family == "marian" && source.empty()) return marian_code(*tokenizer, target);
  if (family != "mbart") throw Error("languages", "a model that knows them (mBART)", family);
  if (target.empty()) return "";
  const auto beginning = target_beginning(model, *open_target_tokenizer(model, target));
  if (beginning.start && beginning.behind.empty()) settings.decoder_start = beginning.start;
  if (!beginning.behind.empty()) settings.forced.first = beginning.behind.front();
  return "";
}

void check_stop_texts(const GenerationSettings& settings, const Tokenizer* tokenizer) {
  if (settings.stop_texts.empty()) return;
  if (settings.beam.beams > 1) throw Error("stop_strings", "a search without beams", "beams");
  if (!tokenizer) throw Error("stop texts", "a tokenizer in the model's folder", "none");
}

}  // namespace locus::cli
