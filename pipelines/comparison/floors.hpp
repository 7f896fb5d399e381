// What models are held against that have learned nothing but counts.
#pragma once

#include <span>
#include <vector>

#include "evaluation/score_units.hpp"
#include "pipelines/comparison.hpp"

namespace locus::pipelines {

/// Texts and which of their tokens a model was scored on.
struct ScoredTexts {
  std::span<const Text> texts;
  const std::vector<TextScores>& scores;
  std::span<const Document> documents;
  int64_t vocabulary = 0;
  bool causal = false;     ///< whether the model saw the tokens before each alone
  CancelCheck check = {};  ///< called now and then; throws to give up
};

/// Frequencies, frequencies with document counts, and for causal models the trigram, on the same
/// tokens: of a training text whose ids are those of the model, or else (null) of the texts
/// themselves. `units` are the model's, bits over bytes. The last is what the model must beat.
std::vector<ModelFloor> floors_of(const ScoredTexts& scored, std::span<const Unit> units,
                                  const Floors* floors);

/// By how much a model with these units, bits over bytes, is ahead of the floor.
void hold_to_floor(ModelFloor& floor, std::span<const Unit> units, const CancelCheck& check);

Standing standing_of(const std::vector<ModelFloor>& floors);

}  // namespace locus::pipelines
