#include <algorithm>

#include "base/error.hpp"
#include "evaluation/probes.hpp"

namespace locus {
namespace {

std::vector<Text> texts_of(std::span<const ProbeText> probes) {
  std::vector<Text> texts;
  for (const ProbeText& probe : probes) {
    texts.emplace_back().name = "probe";
    texts.back().ids = probe.ids;
  }
  return texts;
}

FloorLosses losses_of(const std::vector<TextScores>& scores) {
  FloorLosses losses;
  for (const TextScores& text : scores) {
    auto& own = losses.emplace_back();
    for (const TokenScore& score : text) own.push_back(score.nll);
  }
  return losses;
}

FloorLosses causal_losses(Session& session, std::span<const ProbeText> probes,
                          const CausalSettings& settings) {
  std::vector<std::vector<Window>> windows;
  for (const ProbeText& probe : probes) {
    const auto end = static_cast<int64_t>(probe.ids.size());
    const bool opened = settings.bos.has_value();
    const int64_t first = opened ? probe.from : std::max<int64_t>(probe.from, 1);
    windows.push_back({{0, end, first, opened}});
  }
  return losses_of(score_windows(session, texts_of(probes), windows, settings));
}

FloorLosses masked_losses(Session& session, std::span<const ProbeText> probes,
                          MaskedSettings settings) {
  std::vector<Place> places;
  int64_t longest = 0;
  for (size_t text = 0; text < probes.size(); ++text) {
    const auto end = static_cast<int64_t>(probes[text].ids.size());
    longest = std::max(longest, end);
    for (int64_t index = probes[text].from; index < end; ++index) places.push_back({text, index});
  }
  const size_t special = settings.before.size() + settings.after.size();
  settings.context = longest + static_cast<int64_t>(special);
  return losses_of(score_places(session, texts_of(probes), places, settings));
}

}  // namespace

ScoreProbe probe_scorer(Session& session, const ScoringSettings& settings) {
  if (settings.task == ScoringTask::causal) {
    const CausalSettings causal = causal_settings(settings);
    return [&session, causal](std::span<const ProbeText> probes) {
      return causal_losses(session, probes, causal);
    };
  }
  if (settings.task == ScoringTask::masked) {
    const MaskedSettings masked = masked_settings(settings);
    return [&session, masked](std::span<const ProbeText> probes) {
      return masked_losses(session, probes, masked);
    };
  }
  throw Error("probe", "a causal or masked model", metric_name(settings.task));
}

ScoreProbe probe_scorer(const Floors& floors) {
  return [&floors](std::span<const ProbeText> probes) {
    FloorLosses losses = floors.trigram_losses(texts_of(probes));
    for (size_t i = 0; i < losses.size(); ++i) {
      losses[i].erase(losses[i].begin(), losses[i].begin() + probes[i].from);
    }
    return losses;
  };
}

}  // namespace locus
