#include "evaluation/score_units.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace locus {
namespace {

constexpr size_t enough_documents = 12;
constexpr int64_t wanted_blocks = 48;
constexpr int64_t min_bytes = 256;
constexpr int64_t min_tokens = 32;

// Offsets behind every occurrence of `mark`, with the line ends that follow it.
std::vector<int64_t> ends_of(std::string_view raw, std::string_view mark) {
  std::vector<int64_t> ends;
  for (auto at = raw.find(mark); at != raw.npos;) {
    const auto end = raw.find_first_not_of('\n', at + mark.size());
    if (end == raw.npos) break;
    ends.push_back(static_cast<int64_t>(end));
    at = raw.find(mark, end);
  }
  return ends;
}

// Number of the block that a place lies in.
int64_t block_of(const std::vector<int64_t>& ends, int64_t place) {
  return std::upper_bound(ends.begin(), ends.end(), place) - ends.begin();
}

/// Adds the scores of text `text`, a unit for each block of it.
template <typename BlockOf>
void regroup(size_t text, const TextScores& scores, const BlockOf& block, ScoreUnits& units) {
  int64_t last = -1;
  for (const auto& score : scores) {
    const int64_t current = block(score.index);
    if (current != last) {
      units.scores.emplace_back();
      units.texts.push_back(text);
    }
    units.scores.back().push_back(score);
    last = current;
  }
}

ScoreUnits blocks_of_bytes(std::span<const Text> texts, std::span<const TextScores> scores,
                           std::span<const Document> documents) {
  int64_t bytes = 0;
  for (const auto& document : documents) bytes += static_cast<int64_t>(document.raw.size());
  const auto size = std::max(bytes / wanted_blocks, min_bytes);
  ScoreUnits units{"paragraphs of at least " + std::to_string(size) + " bytes", {}, {}};
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto ends = paragraph_ends(documents[i].raw, size);
    const auto& begins = texts[i].byte_begin;
    const auto block = [&](int64_t index) {
      return block_of(ends, begins[static_cast<size_t>(index)]);
    };
    regroup(i, scores[i], block, units);
  }
  return units;
}

ScoreUnits blocks_of_tokens(std::span<const TextScores> scores) {
  int64_t tokens = 0;
  for (const auto& text : scores) tokens += static_cast<int64_t>(text.size());
  const auto size = std::max(tokens / wanted_blocks, min_tokens);
  ScoreUnits units{"blocks of " + std::to_string(size) + " tokens", {}, {}};
  const auto block = [&](int64_t index) { return index / size; };
  for (size_t i = 0; i < scores.size(); ++i) regroup(i, scores[i], block, units);
  return units;
}

}  // namespace

std::vector<int64_t> paragraph_ends(std::string_view raw, int64_t size) {
  for (const auto mark : {"\n\n", "\n"}) {
    std::vector<int64_t> chosen;
    int64_t last = 0;
    for (const auto end : ends_of(raw, mark)) {
      if (end - last < size) continue;
      chosen.push_back(end);
      last = end;
    }
    if (!chosen.empty()) return chosen;
  }
  std::vector<int64_t> chosen;
  for (auto at = size; at < static_cast<int64_t>(raw.size()); at += size) chosen.push_back(at);
  return chosen;
}

ScoreUnits score_units(std::span<const Text> texts, std::span<const TextScores> scores,
                       std::span<const Document> documents) {
  ScoreUnits whole{"document", {}, {}};
  for (size_t i = 0; i < scores.size(); ++i) {
    if (scores[i].empty()) continue;
    whole.scores.push_back(scores[i]);
    whole.texts.push_back(i);
  }
  if (whole.scores.size() >= enough_documents) return whole;
  return documents.empty() ? blocks_of_tokens(scores) : blocks_of_bytes(texts, scores, documents);
}

std::vector<Unit> units_by_byte(std::span<const Text> texts, const ScoreUnits& units) {
  std::vector<Unit> all;
  for (size_t i = 0; i < units.scores.size(); ++i) {
    const auto text = texts.subspan(units.texts[i], 1);
    for (const Unit& unit : units_by_byte(text, std::span(&units.scores[i], 1))) {
      all.push_back(unit);
    }
  }
  return all;
}

double largest_change(std::span<const TextScores> before, std::span<const TextScores> after) {
  double largest = 0;
  for (size_t text = 0; text < after.size(); ++text) {
    for (size_t i = 0; i < after[text].size(); ++i) {
      largest = std::max(largest, std::abs(after[text][i].nll - before[text][i].nll));
    }
  }
  return largest;
}

}  // namespace locus
