#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/watch.hpp"
#include "pipelines/comparison/floors.hpp"

namespace locus::pipelines {
namespace {

/// What a floor says of the tokens that a model was scored on.
std::vector<TextScores> at_same_tokens(const FloorLosses& losses,
                                       const std::vector<TextScores>& scores, Watch& watch) {
  std::vector<TextScores> same(scores.size());
  for (size_t text = 0; text < same.size(); ++text) {
    same[text].reserve(scores[text].size());
    for (TokenScore score : scores[text]) {
      watch.spend(Watch::bytes_per_token);
      score.nll = losses[text][static_cast<size_t>(score.index)];
      same[text].push_back(score);
    }
  }
  return same;
}

ModelFloor floor_of(ModelFloor::Kind kind, const FloorLosses& losses, const ScoredTexts& scored,
                    std::span<const Unit> units) {
  Watch watch(scored.check);
  ModelFloor floor{kind};
  const auto same = at_same_tokens(losses, scored.scores, watch);
  const Summary summary = summarize(scored.texts, same, scored.check);
  floor.nll = summary.nll / static_cast<double>(summary.tokens);
  floor.bits_per_byte = summary.bits_per_byte.value_or(NAN);
  const ScoreUnits blocks = score_units(scored.texts, same, scored.documents, scored.check);
  floor.units = units_by_byte(scored.texts, blocks, scored.check);
  hold_to_floor(floor, units, scored.check);
  return floor;
}

}  // namespace

std::vector<ModelFloor> floors_of(const ScoredTexts& scored, std::span<const Unit> units,
                                  const Floors* floors) {
  const Sight sight = scored.causal ? Sight::before : Sight::around;
  const Frequencies own =
      floors ? Frequencies() : frequencies_of(scored.texts, scored.vocabulary, scored.check);
  const Frequencies& p = floors ? floors->frequencies() : own;
  const double fallback =
      scored.causal ? default_document_share_before : default_document_share_around;
  const double share = floors ? floors->document_share(sight) : fallback;
  using Kind = ModelFloor::Kind;
  std::vector<ModelFloor> all;
  all.push_back(
      floor_of(Kind::frequencies, frequency_losses(scored.texts, p, scored.check), scored, units));
  all.push_back(floor_of(Kind::document_counts,
                         document_losses(scored.texts, p, share, sight, scored.check), scored,
                         units));
  if (floors && scored.causal) {
    all.push_back(
        floor_of(Kind::trigram, floors->trigram_losses(scored.texts, scored.check), scored, units));
  }
  for (ModelFloor& floor : all) floor.of_text = floors == nullptr;
  return all;
}

void hold_to_floor(ModelFloor& floor, std::span<const Unit> units, const CancelCheck& check) {
  const auto leads = paired_differences(floor.units, units);
  floor.lead = weighted_mean(leads);
  floor.lead_interval = bootstrap(leads, {.check = check});
}

Standing standing_of(const std::vector<ModelFloor>& floors) {
  constexpr size_t min_units = 6;  // what a test needs to find anything
  if (floors.empty() || floors.back().units.size() < min_units) return Standing::unknown;
  const ModelFloor& floor = floors.back();
  const bool clear = floor.lead >= min_lead && floor.lead_interval.low > 0;
  return clear ? Standing::trained : Standing::not_trained;
}

}  // namespace locus::pipelines
