// Keeps the scores of texts that are held in memory.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evaluation/scoring/row_scorer.hpp"

namespace locus::evaluation {

class ScoreCollector final : public RowScorer {
 public:
  /// `total` tokens will be scored. Throws Error for empty texts and a total of 0.
  ScoreCollector(Session& session, std::span<const Text> texts, int64_t total,
                 const Progress& progress);

  /// Everything that was scored, sorted by index.
  std::vector<TextScores> finish();

 private:
  void take(const Target& target, const TokenScore& score) override;
  std::string name(size_t text) const override;

  Session& session_;
  std::span<const Text> texts_;
  std::vector<TextScores> scores_;
};

/// A text's name for messages.
std::string text_name(std::span<const Text> texts, size_t index);

}  // namespace locus::evaluation
