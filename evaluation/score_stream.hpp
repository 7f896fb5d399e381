// Scores texts that are read in parts, in bounded memory.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "score_task.hpp"

namespace locus {

struct TextSize {
  std::string name;
  int64_t tokens = 0;
};

/// The next tokens of text `text`; none after its last one. Texts come in their order, and what is
/// left of one is skipped when the next is asked for.
using NextTokens = std::function<Text(size_t text)>;

struct StreamedScore {
  size_t text = 0;
  std::string_view name;  ///< of the text
  TokenScore score;
  Extent extent;           ///< of the token
  int64_t byte_begin = 0;  ///< where it begins in the raw text
};
/// Called for every scored token, in the order of texts and tokens.
using TakeScore = std::function<void(const StreamedScore&)>;

/// Gives the scores of `score_texts` for all tasks but `given_source`. Throws Error as that does.
void score_stream(Session& session, std::span<const TextSize> texts, const NextTokens& next,
                  const ScoringSettings& settings, const TakeScore& take);

}  // namespace locus
