// What may follow a text by the settings' rules, before a token is chosen.
#pragma once

#include <cstdint>
#include <span>

#include "models/generate.hpp"

namespace locus::generation {

/// A text that a token is chosen for: prompt and new tokens (of an encoder-decoder the decoder's).
struct OpenText {
  std::span<const int32_t> history;
  std::span<const int32_t> source = {};  ///< what the encoder read; of a causal model the prompt
  int64_t new_tokens = 0;                ///< of the history
};

/// Makes tokens of the history, and of the source, less or more likely, in logits or
/// log-probabilities: values of tokens that are there are divided by the penalty where positive and
/// multiplied where negative (Keskar et al. 2019, section 4.1); tokens that would complete an
/// n-gram for the second time become -infinity.
void discourage_repetition(std::span<float> values, const OpenText& text,
                           const RepetitionSettings& settings);

/// Applies, in this order, what the settings say of single words, repetition, bad words, least
/// length, tokens at the ends of a text (all others become -infinity), length, and tokens that are
/// not chosen. The order is that of transformers' `_get_logits_processor`.
void constrain(std::span<float> values, const OpenText& text, const GenerationSettings& settings);

}  // namespace locus::generation
