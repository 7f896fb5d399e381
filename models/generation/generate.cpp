#include "models/generate.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "models/generation/config.hpp"
#include "models/generation/decoder.hpp"
#include "models/generation/run.hpp"
#include "models/model.hpp"

namespace locus {
namespace {

constexpr int64_t rows_of_logits = 256;                   // of logits alive at a time
constexpr int64_t distinct_positions = int64_t{1} << 24;  // positions are floats

template <typename Number>
void expect(bool holds, std::string_view who, std::string_view expected, Number found) {
  if (holds) return;
  std::string number = std::to_string(found);
  if (std::is_floating_point_v<Number>) {
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
  }
  throw Error(who, expected, number);
}

void check(const GenerationSettings& settings) {
  const auto& [beams, length_penalty, early_stopping, n_best, rules] = settings.beam;
  expect(settings.max_tokens >= 1, "max tokens", "at least 1", settings.max_tokens);
  expect(beams >= 1 && beams <= rows_of_logits, "beams", "1 to 256", beams);
  expect(n_best >= 1 && n_best <= beams, "n-best", "1 to the number of beams", n_best);
  expect(std::isfinite(length_penalty), "length penalty", "a finite number", length_penalty);
  const SamplingSettings& sampling = settings.sampling;
  expect(sampling.temperature >= 0, "temperature", "0 or more", sampling.temperature);
  expect(sampling.temperature == 0 || beams == 1, "temperature",
         "0 (no 'do_sample') with several beams", sampling.temperature);
  expect(sampling.top_k >= 0, "top-k", "0 or more", sampling.top_k);
  expect(sampling.top_p > 0 && sampling.top_p <= 1, "top-p", "above 0 and at most 1",
         sampling.top_p);
  expect(sampling.min_p >= 0 && sampling.min_p <= 1, "min-p", "0 to 1", sampling.min_p);
  expect(sampling.typical_p > 0 && sampling.typical_p <= 1, "typical-p", "above 0 and at most 1",
         sampling.typical_p);
  expect(sampling.epsilon >= 0 && sampling.epsilon < 1, "epsilon", "0 to below 1",
         sampling.epsilon);
  expect(sampling.eta >= 0 && sampling.eta < 1, "eta", "0 to below 1", sampling.eta);
}

void check(const RepetitionSettings& repetition) {
  for (const double penalty : {repetition.penalty, repetition.source_penalty}) {
    expect(penalty > 0, "repetition penalty", "above 0", penalty);
  }
  for (const int64_t size : {repetition.no_ngram, repetition.no_source_ngram}) {
    expect(size >= 0, "no-repeat n-gram", "0 or more", size);
  }
}

void check(const ForcedSettings& forced, int64_t vocabulary) {
  std::vector<int32_t> ids = forced.suppressed;
  ids.insert(ids.end(), forced.first_suppressed.begin(), forced.first_suppressed.end());
  for (const std::vector<int32_t>& word : forced.bad_words) {
    ids.insert(ids.end(), word.begin(), word.end());
  }
  for (const WordBias& word : forced.biases) {
    ids.insert(ids.end(), word.ids.begin(), word.ids.end());
  }
  for (const auto& id : {forced.first, forced.last}) {
    if (id) ids.push_back(*id);
  }
  for (const int32_t id : ids) {
    expect(id >= 0 && id < vocabulary, "forced and suppressed tokens",
           "ids below " + std::to_string(vocabulary), id);
  }
}

/// Where the encoding sets no limit, positions do.
int64_t usable_positions(const Graph& graph) {
  return std::min(graph.max_length(), distinct_positions);
}

/// The last new token is never read.
void check_lengths(std::span<const std::vector<int32_t>> prompts, const Graph& graph,
                   int64_t max_tokens) {
  if (prompts.empty()) throw Error("generation", "at least one prompt", "none");
  for (size_t i = 0; i < prompts.size(); ++i) {
    const auto tokens = static_cast<int64_t>(prompts[i].size());
    if (tokens == 0) throw Error("prompt " + std::to_string(i), "at least one token", "none");
    const int64_t read = generation::is_encoder_decoder(graph) ? 1 : tokens;
    const int64_t positions = usable_positions(graph), room = positions - read + 1;
    if (max_tokens > room) {
      throw Error("prompt " + std::to_string(i),
                  "at most " + std::to_string(std::max<int64_t>(0, room)) +
                      " new tokens after its " + std::to_string(tokens) + " for " +
                      std::to_string(positions) + " positions",
                  std::to_string(max_tokens));
    }
  }
}

}  // namespace

namespace generation {

void check(std::span<const std::vector<int32_t>> prompts, const Graph& graph,
           const GenerationSettings& settings) {
  locus::check(settings);
  locus::check(settings.repetition);
  const double penalty = settings.repetition.source_penalty;
  expect(penalty == 1 || settings.beam.beams == 1, "encoder repetition penalty",
         "1 with several beams", penalty);
  locus::check(settings.forced, graph.vocabulary());
  check_lengths(prompts, graph, settings.max_tokens);
}

std::vector<int32_t> initial_history(const Graph& graph, std::span<const int32_t> prompt,
                                     const GenerationSettings& settings) {
  if (is_encoder_decoder(graph)) return {*settings.decoder_start};
  return {prompt.begin(), prompt.end()};
}

}  // namespace generation

GenerationSettings generation_settings(const Model& model) {
  const ModelIds& special = model.special();
  GenerationSettings settings;
  settings.end = special.all_eos;
  // mBART has no start of its own: transformers begins with `bos`.
  settings.decoder_start = special.decoder_start ? special.decoder_start : special.bos;
  settings.forced.suppressed = special.suppressed;
  settings.forced.first = special.forced_bos;
  settings.forced.last = special.forced_eos;
  generation::read_generation_config(model.generation(), settings);
  return settings;
}

int64_t default_max_tokens(const GenerationSettings& settings, const Graph& graph, int64_t prompt,
                           int64_t fallback) {
  const int64_t read = generation::is_encoder_decoder(graph) ? 1 : prompt;
  const LengthSettings& length = settings.length;
  int64_t wanted = fallback;
  if (length.max_new > 0) {
    wanted = length.max_new;
  } else if (length.max > 0) {
    wanted = length.max - read;
    if (wanted < 1) {
      throw Error("max_length", "more than the " + std::to_string(read) + " tokens of the prompt",
                  std::to_string(length.max));
    }
  }
  // Where there is no prompt, the first token is one that is chosen.
  return std::clamp<int64_t>(usable_positions(graph) - std::max<int64_t>(read, 1) + 1, 1, wanted);
}

std::vector<std::vector<Generated>> generate(Session& session,
                                             std::span<const std::vector<int32_t>> prompts,
                                             const GenerationSettings& settings) {
  generation::check(prompts, session.graph(), settings);
  const auto together = static_cast<size_t>(rows_of_logits / settings.beam.beams);
  std::vector<std::vector<Generated>> results;
  for (size_t begin = 0; begin < prompts.size(); begin += together) {
    const generation::PromptGroup group{
        prompts.subspan(begin, std::min(together, prompts.size() - begin)),
        static_cast<int64_t>(begin)};
    if (settings.beam.beams > 1) {
      auto found = generation::generate_with_beams(session, group, settings);
      std::move(found.begin(), found.end(), std::back_inserter(results));
    } else {
      for (Generated& text : generation::generate_singly(session, group, settings)) {
        results.push_back({std::move(text)});
      }
    }
  }
  return results;
}

}  // namespace locus
