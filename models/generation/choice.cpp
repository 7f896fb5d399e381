#include "models/generation/choice.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace locus::generation {
namespace {

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

void keep_max(std::vector<Choice>& choices, int64_t count) {
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

double entropy(std::span<const Choice> choices) {
  const double all = mass(choices);
  double sum = 0;
  for (const Choice& choice : choices) {
    sum -= choice.weight / all * std::log(choice.weight / all);
  }
  return sum;
}

/// How far a token's information lies from the expected one.
struct Surprise {
  double distance;
  Choice choice;
};

void keep_typical(std::vector<Choice>& choices, double share) {
  if (share >= 1) return;
  const double all = mass(choices), expected = entropy(choices);
  std::vector<Surprise> sorted;
  sorted.reserve(choices.size());
  for (const Choice& choice : choices) {
    sorted.push_back({std::abs(-std::log(choice.weight / all) - expected), choice});
  }
  std::ranges::stable_sort(sorted, {}, &Surprise::distance);
  size_t last = 0;  // the first token by which the mass is reached
  for (double held = sorted[0].choice.weight; held < share * all && last + 1 < sorted.size();) {
    held += sorted[++last].choice.weight;
  }
  const double farthest = sorted[last].distance;
  choices.clear();
  for (const Surprise& each : sorted) {
    if (each.distance <= farthest) choices.push_back(each.choice);
  }
}

/// The most probable token stays.
void drop_improbable(std::vector<Choice>& choices, double min) {
  const double weight = min * mass(choices);
  const double largest =
      std::ranges::max_element(choices, {}, [](const Choice& each) { return each.weight; })->weight;
  std::erase_if(choices,
                [&](const Choice& each) { return each.weight < weight && each.weight < largest; });
}

}  // namespace

void expect_choice(double largest) {
  if (std::isfinite(largest)) return;
  throw Error("generation", "settings that leave a token of finite logits", "none");
}

std::vector<Choice> choices(std::span<const float> logits, const SamplingSettings& settings) {
  std::vector<Choice> kept = weighted(logits, settings.temperature);
  keep_max(kept, settings.top_k);
  keep_nucleus(kept, settings.top_p);
  // The most probable token weighs 1.
  std::erase_if(kept, [&](const Choice& choice) { return choice.weight < settings.min_p; });
  keep_typical(kept, settings.typical_p);
  if (settings.epsilon > 0) drop_improbable(kept, settings.epsilon);
  if (settings.eta > 0) {
    drop_improbable(kept,
                    std::min(settings.eta, std::sqrt(settings.eta) * std::exp(-entropy(kept))));
  }
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

int32_t arg_max(std::span<const float> logits) {
  return static_cast<int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

}  // namespace locus::generation
