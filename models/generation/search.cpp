#include <algorithm>
#include <limits>

#include "engine/probabilities.hpp"
#include "models/generation/beam.hpp"
#include "models/generation/choice.hpp"
#include "models/generation/decoder.hpp"
#include "models/generation/rules.hpp"
#include "models/generation/run.hpp"

namespace locus::generation {
namespace {

/// Beam searches of several prompts over one decoder, whose sequences are the beams of the searches
/// that go on, in order.
class SearchRun {
 public:
  SearchRun(Session& session, const PromptGroup& group, const GenerationSettings& settings)
      : settings_(settings),
        sources_(group.prompts),
        decoder_(session, group.prompts, settings.decoder_start) {
    for (const auto& prompt : group.prompts) {
      searches_.emplace_back(settings);
      histories_.push_back(initial_history(session.graph(), prompt, settings));
    }
  }

  std::vector<std::vector<Generated>> run() {
    for (int64_t length = 1;; ++length) {
      advance(decoder_.logits());
      if (length == settings_.max_tokens || !step()) break;
    }
    std::vector<std::vector<Generated>> results;
    for (BeamSearch& search : searches_) results.push_back(search.results());
    return results;
  }

 private:
  // logits: [beams of all searches that go on, V]
  void advance(ConstView logits) {
    int64_t row = 0;
    first_rows_.assign(searches_.size(), 0);
    for (size_t i = 0; i < searches_.size(); ++i) {
      if (searches_[i].done()) continue;
      first_rows_[i] = row;
      std::vector<std::vector<float>> log_p;
      for (const BeamSearch::Beam& beam : searches_[i].beams()) {
        log_p.push_back(log_probabilities(logits.row(row++), i, beam));
      }
      searches_[i].advance(log_p);
    }
  }

  std::vector<float> log_probabilities(std::span<const float> logits, size_t prompt,
                                       const BeamSearch::Beam& beam) const {
    const double sum = ops::log_sum_exp(logits);
    std::vector<float> log_p;
    log_p.reserve(logits.size());
    for (const float logit : logits) log_p.push_back(static_cast<float>(logit - sum));
    std::vector<int32_t> seen = histories_[prompt];
    seen.insert(seen.end(), beam.ids.begin(), beam.ids.end());
    constrain(log_p, {seen, sources_[prompt], static_cast<int64_t>(beam.ids.size())}, settings_);
    for (const float each : log_p) {
      if (!(each < std::numeric_limits<float>::infinity())) expect_choice(each);
    }
    return log_p;
  }

  /// Whether a search goes on.
  bool step() {
    std::vector<int64_t> parents;
    std::vector<int32_t> tokens;
    for (size_t i = 0; i < searches_.size(); ++i) {
      if (searches_[i].done()) continue;
      for (const BeamSearch::Beam& beam : searches_[i].beams()) {
        parents.push_back(first_rows_[i] + beam.parent);
        tokens.push_back(beam.ids.back());
      }
    }
    if (!parents.empty()) decoder_.step(parents, tokens);
    return !parents.empty();
  }

  const GenerationSettings& settings_;
  std::span<const std::vector<int32_t>> sources_;
  Decoder decoder_;
  std::vector<BeamSearch> searches_;
  std::vector<std::vector<int32_t>> histories_;
  std::vector<int64_t> first_rows_;  // of each search in the decoder
};

}  // namespace

std::vector<std::vector<Generated>> generate_with_beams(Session& session, const PromptGroup& group,
                                                        const GenerationSettings& settings) {
  return SearchRun(session, group, settings).run();
}

}  // namespace locus::generation
