// Turns rows of a run into scores of tokens.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/session.hpp"
#include "evaluation/score.hpp"

namespace locus::evaluation {

/// A token that row `row` of the present run predicts.
struct Target {
  int64_t row = 0;
  size_t text = 0;
  int64_t index = 0;
  int64_t context = 0;
};

/// Gathers scores, a batch after the other. The head is computed for a bounded number of rows at a
/// time.
class ScoreCollector {
 public:
  /// `total` tokens will be scored. Throws Error for empty texts and a total of 0.
  ScoreCollector(Session& session, std::span<const Text> texts, int64_t total,
                 const Progress& progress);

  /// Scores targets of the session's last run.
  void collect(std::span<const Target> targets);
  /// Everything that was scored, sorted by index.
  std::vector<TextScores> finish();

 private:
  void collect_part(std::span<const Target> targets);
  TokenScore score(std::span<const float> logits, const Target& target) const;

  Session& session_;
  std::span<const Text> texts_;
  int64_t total_;
  const Progress& progress_;
  int64_t done_ = 0;
  std::vector<TextScores> scores_;
};

/// A text's name for messages.
std::string text_name(std::span<const Text> texts, size_t index);

/// `context`, or the model's when it is 0. Throws Error when the model has fewer positions.
int64_t checked_context(const Graph& graph, int64_t context);

}  // namespace locus::evaluation
