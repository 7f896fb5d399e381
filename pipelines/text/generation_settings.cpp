#include "pipelines/generate_options.hpp"

namespace locus {
namespace {

template <typename Value, typename Given>
void replace_by(Value& value, const std::optional<Given>& given) {
  if (given) value = *given;
}

void take_beams(const GenerateOptions& options, BeamSettings& beam) {
  replace_by(beam.beams, options.beams);
  replace_by(beam.n_best, options.n_best);
  replace_by(beam.length_penalty, options.length_penalty);
  replace_by(beam.early_stopping, options.early_stopping);
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

GenerationSettings generation_settings(const Model& model, const GenerateOptions& options) {
  GenerationSettings settings = generation_settings(model);
  if (asks_for_draws(options) && !options.beams) settings.beam.beams = settings.beam.n_best = 1;
  if (options.beams) settings.beam.n_best = 1;
  take_beams(options, settings.beam);
  take_sampling(options, settings.sampling);
  replace_by(settings.repetition.penalty, options.repetition_penalty);
  replace_by(settings.repetition.no_ngram, options.no_repeat_ngram);
  replace_by(settings.length.min_new, options.min_tokens);
  settings.stop_texts.insert(settings.stop_texts.end(), options.stop.begin(), options.stop.end());
  return settings;
}

}  // namespace locus
