#include "models/generation/rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "engine/probabilities.hpp"

namespace locus::generation {
namespace {

using Ids = std::span<const int32_t>;
constexpr float banned = -std::numeric_limits<float>::infinity();

/// The value of a token; a spare one for those that are embedded, but never predicted.
class Values {
 public:
  explicit Values(std::span<float> values) : values_(values) {}
  float& operator[](int32_t id) {
    const auto index = static_cast<size_t>(id);
    return index < values_.size() ? values_[index] : spare_;
  }

 private:
  std::span<float> values_;
  float spare_ = 0;
};

bool is_last_of(Ids text, Ids end) {
  return text.size() >= end.size() && std::ranges::equal(text.last(end.size()), end);
}

/// A word of several tokens counts from a text of as many tokens on, as transformers has it.
void add_bias(Values values, Ids history, const WordBias& word) {
  const Ids ids = word.ids;
  if (ids.empty() || (ids.size() > 1 && ids.size() > history.size())) return;
  if (!is_last_of(history, ids.first(ids.size() - 1))) return;
  values[ids.back()] += static_cast<float>(word.bias);
}

void penalize(Values values, Ids there, double penalty) {
  if (penalty == 1) return;
  for (const int32_t id : std::set<int32_t>(there.begin(), there.end())) {
    float& value = values[id];
    value = static_cast<float>(value < 0 ? value * penalty : value / penalty);
  }
}

/// Bans what would complete an n-gram of `known`.
void ban_repeated(Values values, Ids known, Ids history, int64_t length) {
  const auto size = static_cast<size_t>(length);
  if (size == 0 || history.size() + 1 < size || known.size() < size) return;
  const Ids present = history.last(size - 1);
  for (size_t begin = 0; begin + size <= known.size(); ++begin) {
    if (!std::ranges::equal(known.subspan(begin, size - 1), present)) continue;
    values[known[begin + size - 1]] = banned;
  }
}

/// A bad word that is an end token is none.
void ban_words(Values values, Ids history, const GenerationSettings& settings) {
  for (const std::vector<int32_t>& word : settings.forced.bad_words) {
    if (word.size() == 1 && std::ranges::count(settings.end, word.front()) > 0) continue;
    add_bias(values, history, {word, banned});
  }
}

void keep_length(Values values, const OpenText& text, const GenerationSettings& settings) {
  const bool open = static_cast<int64_t>(text.history.size()) < settings.length.min ||
                    text.new_tokens < settings.length.min_new;
  if (!open) return;
  for (const int32_t id : settings.end) values[id] = banned;
}

void keep_only(std::span<float> values, int32_t id) {
  std::ranges::fill(values, banned);
  values[static_cast<size_t>(id)] = 0;
}

void force(std::span<float> values, const OpenText& text, const GenerationSettings& settings) {
  const ForcedSettings& forced = settings.forced;
  if (forced.first && text.history.size() == 1) keep_only(values, *forced.first);
  if (forced.last && text.new_tokens + 1 == settings.max_tokens) keep_only(values, *forced.last);
}

void encourage_end(Values values, const OpenText& text, const GenerationSettings& settings) {
  const int64_t beyond = text.new_tokens - settings.length.decay_after;
  if (settings.length.decay == 1 || beyond <= 0) return;
  const double growth = std::pow(settings.length.decay, static_cast<double>(beyond)) - 1;
  for (const int32_t id : settings.end) {
    float& value = values[id];
    if (value != banned) value = static_cast<float>(value + std::abs(value) * growth);
  }
}

void suppress(Values values, const OpenText& text, const ForcedSettings& forced) {
  for (const int32_t id : forced.suppressed) values[id] = banned;
  const int64_t begin = static_cast<int64_t>(text.history.size()) - text.new_tokens;
  const int64_t first = begin > 1 || !forced.first ? 0 : 1;
  if (text.new_tokens != first) return;
  for (const int32_t id : forced.first_suppressed) values[id] = banned;
}

void renormalize(std::span<float> values) {
  const auto sum = static_cast<float>(ops::log_sum_exp(values));
  for (float& value : values) value -= sum;
}

}  // namespace

void discourage_repetition(std::span<float> values, const OpenText& text,
                           const RepetitionSettings& settings) {
  const Values all(values);
  if (settings.source_penalty != 1) penalize(all, text.source, 1 / settings.source_penalty);
  penalize(all, text.history, settings.penalty);
  ban_repeated(all, text.history, text.history, settings.no_ngram);
  ban_repeated(all, text.source, text.history, settings.no_source_ngram);
}

void constrain(std::span<float> values, const OpenText& text, const GenerationSettings& settings) {
  const Values all(values);
  for (const WordBias& word : settings.forced.biases) add_bias(all, text.history, word);
  discourage_repetition(values, text, settings.repetition);
  ban_words(all, text.history, settings);
  keep_length(all, text, settings);
  force(values, text, settings);
  encourage_end(all, text, settings);
  suppress(all, text, settings.forced);
  if (settings.renormalize) renormalize(values);
}

}  // namespace locus::generation
