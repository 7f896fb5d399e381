// The units of a bootstrap: documents, or blocks of them where they are few.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "score.hpp"
#include "score_text.hpp"

namespace locus {

/// Differences of loss that do not matter, nats per token.
inline constexpr double margin_in_nats = 0.005;

/// Offsets of the ends of paragraphs, at least `size` bytes apart; the ends of lines where a text
/// has no paragraphs, and every `size` bytes where it has neither.
std::vector<int64_t> paragraph_ends(std::string_view raw, int64_t size);

/// Scores regrouped by unit.
struct ScoreUnits {
  std::string unit;                ///< `document`, or how documents were cut, in words
  std::vector<TextScores> scores;  ///< of each unit; none is empty
  std::vector<size_t> texts;       ///< which text each unit is of
};

/// Documents are the units where at least 12 of them were scored: with fewer, no test could find a
/// difference. Otherwise each is cut at paragraph ends (at line ends, between tokens, where it has
/// none) into blocks of like size, about 48 in all. `documents` is empty where ids were given.
ScoreUnits score_units(std::span<const Text> texts, std::span<const TextScores> scores,
                       std::span<const Document> documents);

/// A unit's nll over its bytes, in bits (see `units_by_byte` of whole texts).
std::vector<Unit> units_by_byte(std::span<const Text> texts, const ScoreUnits& units);

/// The largest change of one token's nll between two scorings of the same tokens, nats.
double largest_change(std::span<const TextScores> before, std::span<const TextScores> after);

}  // namespace locus
