#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "evaluation/probes.hpp"

namespace locus {
namespace {

/// Filler with the trial's sentence at a depth, and the question after it: what a key follows.
std::vector<int32_t> text_of(const PasskeyTrial& trial, int64_t length, double depth,
                             const PasskeySettings& settings) {
  const auto& key = trial.keys.front();
  const auto fixed = static_cast<int64_t>(trial.before.size() + trial.after.size() +
                                          trial.question.size() + 2 * key.size());
  if (length < fixed) {
    throw Error("passkey", "lengths of " + std::to_string(fixed) + " tokens or more",
                std::to_string(length));
  }
  const int64_t fill = length - fixed;
  const auto place = static_cast<int64_t>(std::llround(depth * static_cast<double>(fill)));
  std::vector<int32_t> ids;
  const auto append = [&](const std::vector<int32_t>& more) {
    ids.insert(ids.end(), more.begin(), more.end());
  };
  for (int64_t i = 0; i <= fill; ++i) {
    if (i == place) append(trial.before), append(key), append(trial.after);
    if (i < fill) ids.push_back(settings.filler[static_cast<size_t>(i) % settings.filler.size()]);
  }
  append(trial.question);
  return ids;
}

/// 1 where the first is the least of all, its share where others are as small.
double share_of_first(std::span<const double> losses) {
  const double min = *std::ranges::min_element(losses);
  const auto ties = std::ranges::count(losses, min);
  return losses.front() == min ? 1 / static_cast<double>(ties) : 0;
}

void add_trial(PasskeyCell& cell, const ScoreProbe& score, const PasskeyTrial& trial,
               const PasskeySettings& settings) {
  const auto context = text_of(trial, cell.length, cell.depth, settings);
  std::vector<ProbeText> probes;
  for (const auto& key : trial.keys) {
    ProbeText& probe =
        probes.emplace_back(ProbeText{context, static_cast<int64_t>(context.size())});
    probe.ids.insert(probe.ids.end(), key.begin(), key.end());
  }
  std::vector<double> costs;
  for (const auto& losses : score(probes)) {
    costs.push_back(std::accumulate(losses.begin(), losses.end(), 0.0));
  }
  cell.found.push_back(share_of_first(costs));
  cell.margin.push_back(*std::min_element(costs.begin() + 1, costs.end()) - costs.front());
}

}  // namespace

std::vector<PasskeyCell> probe_passkey(const ScoreProbe& score,
                                       std::span<const PasskeyTrial> trials,
                                       const PasskeySettings& settings) {
  if (settings.filler.empty()) throw Error("passkey", "a filler of a token or more", "none");
  std::vector<PasskeyCell> cells;
  for (const int64_t length : settings.lengths) {
    for (const double depth : settings.depths) {
      PasskeyCell& cell = cells.emplace_back();
      cell.length = length;
      cell.depth = depth;
      for (const PasskeyTrial& trial : trials) add_trial(cell, score, trial, settings);
    }
  }
  return cells;
}

std::vector<Unit> passkey_units(std::span<const PasskeyCell> cells) {
  std::vector<Unit> units;
  for (const PasskeyCell& cell : cells) {
    units.resize(cell.found.size());
    for (size_t trial = 0; trial < units.size(); ++trial) {
      units[trial].sum += cell.found[trial];
      units[trial].weight += 1;
    }
  }
  return units;
}

std::vector<PairScore> probe_pairs(const ScoreProbe& score, std::span<const MinimalPair> pairs) {
  std::vector<ProbeText> probes;
  for (const MinimalPair& pair : pairs) {
    probes.push_back({pair.right, 0});
    probes.push_back({pair.wrong, 0});
  }
  const FloorLosses losses = score(probes);
  const auto total = [&](size_t i) {
    return std::accumulate(losses[i].begin(), losses[i].end(), 0.0);
  };
  std::vector<PairScore> scores;
  for (size_t i = 0; i < losses.size(); i += 2) scores.push_back({total(i), total(i + 1)});
  return scores;
}

std::vector<Unit> pair_units(std::span<const PairScore> scores) {
  std::vector<Unit> units;
  for (const auto& [right, wrong] : scores) {
    units.push_back({right < wrong ? 1 : right == wrong ? 0.5 : 0, 1});
  }
  return units;
}

}  // namespace locus
