#include "models/generation/track.hpp"

#include <algorithm>
#include <cmath>

#include "engine/probabilities.hpp"
#include "models/generation/choice.hpp"
#include "models/generation/rules.hpp"

namespace locus::generation {

Track::Track(const Terms& terms, Number number, std::vector<int32_t> history)
    : terms_(terms),
      number_(number),
      history_(std::move(history)),
      random_(terms.settings.sampling.seed +
              0x9E3779B97F4A7C15u * static_cast<uint64_t>(number.drawn)) {}

bool Track::grow(std::span<const float> logits) {
  const int32_t token = choose(logits);
  result_.score += logits[static_cast<size_t>(token)] - ops::log_sum_exp(logits);
  result_.ids.push_back(token);
  history_.push_back(token);
  return goes_on(token);
}

int32_t Track::choose(std::span<const float> logits) {
  values_.assign(logits.begin(), logits.end());
  const GenerationSettings& settings = terms_.settings;
  constrain(values_, {history_, terms_.source, static_cast<int64_t>(result_.ids.size())}, settings);
  const int32_t best = arg_max(values_);
  expect_choice(values_[static_cast<size_t>(best)]);
  if (settings.sampling.temperature == 0) return best;
  return draw(choices(values_, settings.sampling), random_);
}

bool Track::goes_on(int32_t token) {
  const GenerationSettings& settings = terms_.settings;
  const bool wanted = !settings.on_token || settings.on_token(number_.told, token);
  const bool ended = std::ranges::count(settings.end, token) > 0;
  const bool full = static_cast<int64_t>(result_.ids.size()) == settings.max_tokens;
  if (!ended && !full && wanted) return true;
  result_.finish = ended ? Finish::end_token : wanted ? Finish::max_tokens : Finish::stopped;
  return false;
}

Generated Track::take() {
  const auto length = static_cast<double>(result_.ids.size());
  if (length > 0) result_.score /= std::pow(length, terms_.settings.beam.length_penalty);
  return std::move(result_);
}

Generated Track::stop() {
  result_.finish = Finish::stopped;
  return take();
}

}  // namespace locus::generation
