#include <algorithm>
#include <cmath>

#include "engine/probabilities.hpp"
#include "models/generation/choice.hpp"
#include "models/generation/decoder.hpp"
#include "models/generation/rules.hpp"
#include "models/generation/run.hpp"

namespace locus::generation {
namespace {

/// A prompt whose text goes on.
struct Track {
  int64_t prompt = 0;  // in the group
  int64_t number = 0;  // among the caller's prompts
  std::vector<int32_t> history;
  Random random;
};

class SingleRun {
 public:
  SingleRun(Session& session, const PromptGroup& group, const GenerationSettings& settings)
      : settings_(settings),
        sources_(group.prompts),
        decoder_(session, group.prompts, settings.decoder_start),
        results_(group.prompts.size()) {
    for (size_t i = 0; i < group.prompts.size(); ++i) {
      const int64_t number = group.first + static_cast<int64_t>(i);
      // Each prompt draws from its own numbers: the others do not change its text.
      const uint64_t seed =
          settings.sampling.seed + 0x9E3779B97F4A7C15u * static_cast<uint64_t>(number);
      tracks_.push_back({static_cast<int64_t>(i), number,
                         initial_history(session.graph(), group.prompts[i], settings),
                         Random(seed)});
    }
  }

  std::vector<Generated> run() {
    for (;;) {
      std::vector<int64_t> parents;
      std::vector<int32_t> tokens;
      const ConstView logits = decoder_.logits();  // [tracks, V]
      for (size_t i = 0; i < tracks_.size(); ++i) {
        const int32_t token = choose(logits.row(static_cast<int64_t>(i)), tracks_[i]);
        if (!goes_on(tracks_[i], token)) continue;
        parents.push_back(static_cast<int64_t>(i));
        tokens.push_back(token);
      }
      if (parents.empty()) break;
      keep(parents);
      decoder_.step(parents, tokens);
    }
    for (Generated& result : results_) {
      const auto length = static_cast<double>(result.ids.size());
      result.score /= std::pow(length, settings_.beam.length_penalty);
    }
    return std::move(results_);
  }

 private:
  int32_t choose(std::span<const float> logits, Track& track) {
    values_.assign(logits.begin(), logits.end());
    const auto written = results_[static_cast<size_t>(track.prompt)].ids.size();
    constrain(values_, {track.history, sources_[track.prompt], static_cast<int64_t>(written)},
              settings_);
    const int32_t token = settings_.sampling.temperature == 0
                              ? most_probable(values_)
                              : draw(choices(values_, settings_.sampling), track.random);
    Generated& result = results_[static_cast<size_t>(track.prompt)];
    result.score += logits[static_cast<size_t>(token)] - ops::log_sum_exp(logits);
    result.ids.push_back(token);
    track.history.push_back(token);
    return token;
  }

  bool goes_on(const Track& track, int32_t token) {
    Generated& result = results_[static_cast<size_t>(track.prompt)];
    const bool wanted = !settings_.on_token || settings_.on_token(track.number, token);
    const bool ended = std::ranges::count(settings_.end, token) > 0;
    const bool full = static_cast<int64_t>(result.ids.size()) == settings_.max_tokens;
    if (ended || full || !wanted) {
      result.finish = ended ? Finish::end_token : wanted ? Finish::max_tokens : Finish::stopped;
    }
    return !ended && !full && wanted;
  }

  void keep(std::span<const int64_t> parents) {
    std::vector<Track> kept;
    for (const int64_t parent : parents)
      kept.push_back(std::move(tracks_[static_cast<size_t>(parent)]));
    tracks_ = std::move(kept);
  }

  const GenerationSettings& settings_;
  std::span<const std::vector<int32_t>> sources_;
  Decoder decoder_;
  std::vector<Track> tracks_;
  std::vector<Generated> results_;
  std::vector<float> values_;
};

}  // namespace

std::vector<Generated> generate_singly(Session& session, const PromptGroup& group,
                                       const GenerationSettings& settings) {
  return SingleRun(session, group, settings).run();
}

}  // namespace locus::generation
