#include "evaluation/scoring/score_collector.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/watch.hpp"
#include "evaluation/scoring/long_list.hpp"
#include "evaluation/session_check.hpp"

namespace locus::evaluation {
namespace {

constexpr size_t many_scores = size_t{1} << 17;  // of a text: fewer need no room of their own

/// Their number; throws Error for a text without tokens.
int64_t checked_total(std::span<const Text> texts, int64_t total) {
  if (texts.empty()) throw Error("scoring", "at least one text", "none");
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].ids.empty()) throw Error(text_name(texts, i), "at least one token", "none");
  }
  return total;
}

bool in_order(const TextScores& scores, Watch& watch) {
  for (size_t i = 1; i < scores.size(); ++i) {
    watch.spend(Watch::bytes_per_token);
    if (scores[i].index < scores[i - 1].index) return false;
  }
  return true;
}

}  // namespace

std::string text_name(std::span<const Text> texts, size_t index) {
  const std::string& name = texts[index].name;
  return name.empty() ? "text " + std::to_string(index) : name;
}

ScoreCollector::ScoreCollector(Session& session, std::span<const Text> texts, int64_t total,
                               const Progress& progress)
    : RowScorer(session, checked_total(texts, total), progress),
      session_(session),
      texts_(texts),
      scores_(texts.size()) {
  for (size_t text = 0; text < texts.size(); ++text) {
    const size_t most = std::min(texts[text].ids.size(), static_cast<size_t>(total));
    if (most >= many_scores) make_room(scores_[text], most);
  }
}

void ScoreCollector::take(const Target& target, const TokenScore& score) {
  scores_[target.text].push_back(score);
}

std::string ScoreCollector::name(size_t text) const { return text_name(texts_, text); }

std::vector<TextScores> ScoreCollector::finish() {
  Watch watch(check_of(session_));
  for (TextScores& scores : scores_) {
    if (in_order(scores, watch)) continue;  // as most plans have them
    std::ranges::sort(scores, {}, &TokenScore::index);
  }
  return std::move(scores_);
}

}  // namespace locus::evaluation
