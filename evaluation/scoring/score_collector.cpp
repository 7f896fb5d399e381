#include "evaluation/scoring/score_collector.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace locus::evaluation {
namespace {

/// Their number; throws Error for a text without tokens.
int64_t checked_total(std::span<const Text> texts, int64_t total) {
  if (texts.empty()) throw Error("scoring", "at least one text", "none");
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].ids.empty()) throw Error(text_name(texts, i), "at least one token", "none");
  }
  return total;
}

}  // namespace

std::string text_name(std::span<const Text> texts, size_t index) {
  const std::string& name = texts[index].name;
  return name.empty() ? "text " + std::to_string(index) : name;
}

ScoreCollector::ScoreCollector(Session& session, std::span<const Text> texts, int64_t total,
                               const Progress& progress)
    : RowScorer(session, checked_total(texts, total), progress),
      texts_(texts),
      scores_(texts.size()) {}

void ScoreCollector::take(const Target& target, const TokenScore& score) {
  scores_[target.text].push_back(score);
}

std::string ScoreCollector::name(size_t text) const { return text_name(texts_, text); }

std::vector<TextScores> ScoreCollector::finish() {
  for (TextScores& scores : scores_) {
    std::sort(scores.begin(), scores.end(),
              [](const TokenScore& a, const TokenScore& b) { return a.index < b.index; });
  }
  return std::move(scores_);
}

}  // namespace locus::evaluation
