#include "evaluation/score_units.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace locus {
namespace {

constexpr size_t enough_documents = 12;
constexpr int64_t wanted_blocks = 48;
constexpr int64_t least_bytes = 256;
constexpr int64_t least_tokens = 32;

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

// The paragraph ends that lie at least `size` bytes apart.
std::vector<int64_t> boundaries(std::string_view raw, int64_t size) {
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

// Number of the block that a place lies in.
int64_t block_of(const std::vector<int64_t>& ends, int64_t place) {
  return std::upper_bound(ends.begin(), ends.end(), place) - ends.begin();
}

template <typename BlockOf>
void regroup(const TextScores& scores, const BlockOf& block, std::vector<TextScores>& units) {
  int64_t last = -1;
  for (const auto& score : scores) {
    const int64_t current = block(score.index);
    if (current != last) units.emplace_back();
    units.back().push_back(score);
    last = current;
  }
}

ScoreUnits blocks_of_bytes(std::span<const Text> texts, std::span<const TextScores> scores,
                           std::span<const Document> documents) {
  int64_t bytes = 0;
  for (const auto& document : documents) bytes += static_cast<int64_t>(document.raw.size());
  const auto size = std::max(bytes / wanted_blocks, least_bytes);
  ScoreUnits units{"paragraphs of at least " + std::to_string(size) + " bytes", {}};
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto ends = boundaries(documents[i].raw, size);
    const auto& begins = texts[i].byte_begin;
    regroup(
        scores[i],
        [&](int64_t index) { return block_of(ends, begins[static_cast<size_t>(index)]); },
        units.scores);
  }
  return units;
}

ScoreUnits blocks_of_tokens(std::span<const TextScores> scores) {
  int64_t tokens = 0;
  for (const auto& text : scores) tokens += static_cast<int64_t>(text.size());
  const auto size = std::max(tokens / wanted_blocks, least_tokens);
  ScoreUnits units{"blocks of " + std::to_string(size) + " tokens", {}};
  for (const auto& text : scores) {
    regroup(
        text, [&](int64_t index) { return index / size; }, units.scores);
  }
  return units;
}

}  // namespace

ScoreUnits score_units(std::span<const Text> texts, std::span<const TextScores> scores,
                       std::span<const Document> documents) {
  ScoreUnits whole{"document", {}};
  for (const auto& text : scores) {
    if (!text.empty()) whole.scores.push_back(text);
  }
  if (whole.scores.size() >= enough_documents) return whole;
  return documents.empty() ? blocks_of_tokens(scores) : blocks_of_bytes(texts, scores, documents);
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
