#include "models/generate_choice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "engine/error.hpp"

namespace locus::detail {
namespace {

constexpr float banned = -std::numeric_limits<float>::infinity();

void penalize(std::span<float> values, std::span<const int32_t> history, double penalty) {
  if (penalty == 1) return;
  for (const int32_t id : std::set<int32_t>(history.begin(), history.end())) {
    if (static_cast<size_t>(id) >= values.size()) continue;  // embedded, but never predicted
    float& value = values[static_cast<size_t>(id)];
    value = static_cast<float>(value < 0 ? value * penalty : value / penalty);
  }
}

void ban_repeated(std::span<float> values, std::span<const int32_t> history, size_t size) {
  if (size == 0 || history.size() < size) return;
  const auto present = history.last(size - 1);
  for (size_t begin = 0; begin + size <= history.size(); ++begin) {
    const auto earlier = history.subspan(begin, size - 1);
    if (!std::ranges::equal(earlier, present)) continue;
    const auto next = static_cast<size_t>(history[begin + size - 1]);
    if (next < values.size()) values[next] = banned;
  }
}

void keep_only(std::span<float> values, int32_t id) {
  std::ranges::fill(values, banned);
  values[static_cast<size_t>(id)] = 0;
}

bool more_probable(const Choice& a, const Choice& b) {
  return a.weight != b.weight ? a.weight > b.weight : a.id < b.id;
}

std::vector<Choice> weighted(std::span<const float> logits, double temperature) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  std::vector<Choice> all;
  all.reserve(logits.size());
  for (size_t id = 0; id < logits.size(); ++id) {
    const double weight = std::exp((static_cast<double>(logits[id]) - largest) / temperature);
    if (weight > 0) all.push_back({static_cast<int32_t>(id), weight});
  }
  return all;
}

double mass(std::span<const Choice> choices) {
  double sum = 0;
  for (const Choice& choice : choices) sum += choice.weight;
  return sum;
}

void keep_most(std::vector<Choice>& choices, int64_t count) {
  const auto kept = static_cast<size_t>(count);
  if (count == 0 || kept >= choices.size()) return;
  std::nth_element(choices.begin(), choices.begin() + count, choices.end(), more_probable);
  choices.resize(kept);
}

// A heap, because the few most probable tokens usually hold the mass.
void keep_nucleus(std::vector<Choice>& choices, double share) {
  if (share >= 1) return;
  const double wanted = share * mass(choices);
  const auto less_probable = [](const Choice& a, const Choice& b) { return more_probable(b, a); };
  std::make_heap(choices.begin(), choices.end(), less_probable);
  std::vector<Choice> kept;
  for (double held = 0; !choices.empty() && (kept.empty() || held < wanted);) {
    std::pop_heap(choices.begin(), choices.end(), less_probable);
    kept.push_back(choices.back());
    choices.pop_back();
    held += kept.back().weight;
  }
  choices = std::move(kept);
}

}  // namespace

void discourage_repetition(std::span<float> values, std::span<const int32_t> history,
                           const RepetitionSettings& settings) {
  penalize(values, history, settings.penalty);
  ban_repeated(values, history, static_cast<size_t>(settings.no_ngram));
}

void constrain(std::span<float> values, const OpenText& text, const GenerationSettings& settings) {
  discourage_repetition(values, text.history, settings.repetition);
  const ForcedSettings& forced = settings.forced;
  for (const int32_t id : forced.suppressed) values[static_cast<size_t>(id)] = banned;
  if (forced.first && text.history.size() == 1) keep_only(values, *forced.first);
  if (forced.last && text.new_tokens + 1 == settings.max_tokens) keep_only(values, *forced.last);
}

std::vector<Choice> choices(std::span<const float> logits, const SamplingSettings& settings) {
  std::vector<Choice> kept = weighted(logits, settings.temperature);
  keep_most(kept, settings.top_k);
  keep_nucleus(kept, settings.top_p);
  // The most probable token weighs 1.
  std::erase_if(kept, [&](const Choice& choice) { return choice.weight < settings.min_p; });
  return kept;
}

int32_t draw(std::span<const Choice> choices, Random& random) {
  double left = random.uniform() * mass(choices);
  for (const Choice& choice : choices) {
    left -= choice.weight;
    if (left < 0) return choice.id;
  }
  return choices.back().id;  // rounding
}

int32_t most_probable(std::span<const float> logits) {
  return static_cast<int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

}  // namespace locus::detail
