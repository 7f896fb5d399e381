// How logits become the next token. Internal: not installed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/generate.hpp"
#include "models/random.hpp"

namespace locus::detail {

/// Makes tokens of `history` (prompt and new tokens; of an encoder-decoder the decoder's) less
/// likely, in logits or log-probabilities: values of tokens that are there are divided by the
/// penalty where positive and multiplied where negative (Keskar et al. 2019, section 4.1); tokens
/// that would complete an n-gram for the second time become -infinity.
void discourage_repetition(std::span<float> values, std::span<const int32_t> history,
                           const RepetitionSettings& settings);

/// A text that a token is chosen for: prompt and new tokens (of an encoder-decoder the decoder's).
struct OpenText {
  std::span<const int32_t> history;
  int64_t new_tokens = 0;  ///< of the history
};

/// Applies, in this order, what the settings say of repetition, of tokens that are never chosen,
/// and of those at the ends of a text: all others become -infinity.
void constrain(std::span<float> values, const OpenText& text, const GenerationSettings& settings);

/// A token that may be drawn; weights are relative.
struct Choice {
  int32_t id = 0;
  double weight = 0;
};

/// What temperature, top-k, top-p and min-p leave. `settings.temperature` is above 0.
std::vector<Choice> choices(std::span<const float> logits, const SamplingSettings& settings);

/// One of the choices, each as likely as its weight says.
int32_t draw(std::span<const Choice> choices, Random& random);

/// The id of the largest value; of equal ones the lowest.
int32_t most_probable(std::span<const float> logits);

}  // namespace locus::detail
