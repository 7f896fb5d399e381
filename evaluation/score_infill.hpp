// Likelihoods of encoder-decoders: of spans cut out of a text, and of a target given its source.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "score.hpp"

namespace locus {

/// Half-open range of tokens that a sentinel stands for.
struct TokenSpan {
  int64_t begin = 0;
  int64_t end = 0;
  bool operator==(const TokenSpan&) const = default;
};

struct SpanSettings {
  double noise = 0.15;     ///< share of tokens that is cut out
  double mean_length = 3;  ///< of a span
  int64_t max = 100;       ///< number of spans at most (sentinels of the vocabulary)
};

/// Spans of T5's pretraining (Raffel et al. 2020, section 3.1.4): round(tokens noise) tokens in
/// round(that / mean_length) spans, at least one of each. The lengths of cut and of kept stretches
/// are random compositions; a kept one stands first and last. None for fewer than 3 tokens.
std::vector<TokenSpan> corrupt_spans(int64_t tokens, const SpanSettings& settings, uint64_t seed);

struct InfillSettings {
  SpanSettings spans;              ///< `max` follows from the sentinels
  std::vector<int32_t> sentinels;  ///< in order of use (T5: <extra_id_0>, <extra_id_1>, ...)
  int32_t decoder_start = 0;
  std::optional<int32_t> end;  ///< closes the source (T5: </s>)
  int64_t context = 0;         ///< tokens of a window; 0: default
  uint64_t seed = 0;
  BatchSettings batch;
};

/// A window of a text and what is cut out of it. Tokens are counted from the text's beginning.
struct InfillWindow {
  size_t text = 0;
  int64_t begin = 0;
  int64_t end = 0;
  std::vector<TokenSpan> spans;
};

/// Disjoint windows of `context` tokens over every text, each with the spans that its seed gives.
std::vector<InfillWindow> plan_infill(std::span<const Text> texts, int64_t context,
                                      const InfillSettings& settings);

/// Span-infill likelihood: in each window of `plan_infill`, spans are replaced by sentinels in the
/// source and predicted by the decoder after their sentinel, with the spans before them given.
/// Sentinels are not scored. `context` of a score counts decoder tokens. Throws Error as
/// `score_causal` does, and without sentinels.
std::vector<TextScores> score_infill(Session& session, std::span<const Text> texts,
                                     const InfillSettings& settings);

/// Span-infill likelihood in the given windows, in the place of those of `plan_infill`.
std::vector<TextScores> score_infill(Session& session, std::span<const Text> texts,
                                     std::span<const InfillWindow> windows,
                                     const InfillSettings& settings);

struct SourceSettings {
  int32_t decoder_start = 0;
  std::vector<int32_t> after_start = {};  ///< special tokens before a target (BART: <s>)
  int64_t context = 0;                    ///< decoder positions of a window; 0: default
  BatchSettings batch;
};

/// Likelihood of `targets[i]` given `sources[i]` (ids as the encoder shall see them, special tokens
/// included). A target of more than `context` tokens is cut into disjoint windows, each opened by
/// `decoder_start` and what stands after it, and given the whole source. Throws Error as
/// `score_causal` does.
std::vector<TextScores> score_given_source(Session& session,
                                           std::span<const std::vector<int32_t>> sources,
                                           std::span<const Text> targets,
                                           const SourceSettings& settings);

}  // namespace locus
