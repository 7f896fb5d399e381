// The units of a bootstrap: documents, or blocks of them where they are few.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "score.hpp"
#include "score_text.hpp"

namespace locus {

/// Differences of loss that do not matter, nats per token.
inline constexpr double margin_in_nats = 0.005;

/// With so many scored documents or more, each document is a unit.
inline constexpr size_t min_document_units = 12;

/// `paragraph_ends` of a text that is read in parts.
class ParagraphEnds {
 public:
  explicit ParagraphEnds(int64_t size) : size_(size) {}
  void add(std::string_view part);
  /// The ends, once all of the text was added.
  std::vector<int64_t> finish();

 private:
  void end_line(int64_t place);
  void end_block(int64_t place);
  void divide_before(int64_t place);

  int64_t size_;
  std::vector<int64_t> ends_;
  std::deque<int64_t> lines_;  // ends of lines where the present block may end
  bool has_paragraphs_ = false, has_lines_ = false;
  int64_t last_ = 0;       // end of a block
  int64_t read_ = 0;       // bytes
  int64_t line_ends_ = 0;  // in a row, at the end of what was read
};

/// Offsets of the ends of paragraphs, at least `size` bytes apart. A stretch without one is divided
/// at the ends of lines, if it is longer than four blocks or a text has no paragraphs, and every
/// `size` bytes, if it is longer than sixteen or has no lines either.
std::vector<int64_t> paragraph_ends(std::string_view raw, int64_t size);

/// Size of a block, in bytes, of texts that have `bytes` bytes in all.
int64_t block_size(int64_t bytes);

/// The units of `score_units`, by token, made of scores as they come.
class UnitMaker {
 public:
  /// `ends`: of the blocks of each text, see `paragraph_ends` by `block_size`.
  UnitMaker(std::vector<std::vector<int64_t>> ends, int64_t block_size);
  /// Texts, and the tokens of each, come in their order.
  void add(size_t text, int64_t byte_begin, double nll);

  /// `document`, or how documents were cut, in words.
  std::string unit() const;
  const std::vector<Unit>& units() const;

 private:
  std::vector<std::vector<int64_t>> ends_;
  int64_t block_size_;
  std::vector<Unit> documents_, blocks_;
  std::optional<size_t> text_;
  int64_t block_ = 0;
};

/// Scores regrouped by unit.
struct ScoreUnits {
  std::string unit;                ///< `document`, or how documents were cut, in words
  std::vector<TextScores> scores;  ///< of each unit; none is empty
  std::vector<size_t> texts;       ///< which text each unit is of
};

/// Documents are the units where at least 12 of them were scored: with fewer, no test could find a
/// difference. Otherwise each is cut at paragraph ends (see `paragraph_ends`) into blocks of like
/// size, about 48 in all. `documents` is empty where ids were given.
/// Here and below, `check` is asked every few milliseconds; it throws to end the work.
ScoreUnits score_units(std::span<const Text> texts, std::span<const TextScores> scores,
                       std::span<const Document> documents,
                       const std::function<void()>& check = {});

/// A unit's nll over its bytes, in bits (see `units_by_byte` of whole texts).
std::vector<Unit> units_by_byte(std::span<const Text> texts, const ScoreUnits& units,
                                const std::function<void()>& check = {});

/// The largest change of one token's nll between two scorings of the same tokens, nats.
double largest_change(std::span<const TextScores> before, std::span<const TextScores> after,
                      const std::function<void()>& check = {});

}  // namespace locus
