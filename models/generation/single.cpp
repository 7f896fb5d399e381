#include "models/generation/decoder.hpp"
#include "models/generation/run.hpp"
#include "models/generation/track.hpp"

namespace locus::generation {
namespace {

class SingleRun {
 public:
  SingleRun(Session& session, const PromptGroup& group, const GenerationSettings& settings)
      : decoder_(session, group.prompts, settings.decoder_start), results_(group.prompts.size()) {
    for (size_t i = 0; i < group.prompts.size(); ++i) {
      const int64_t number = group.first + static_cast<int64_t>(i);
      tracks_.emplace_back(Track::Terms{group.prompts[i], settings}, Track::Number{number, number},
                           initial_history(session.graph(), group.prompts[i], settings));
      open_.push_back(i);
    }
  }

  std::vector<Generated> run() {
    while (grow()) decoder_.step(parents_, tokens_);
    return std::move(results_);
  }

 private:
  /// A token for every text that goes on; whether any still does.
  bool grow() {
    parents_.clear();
    tokens_.clear();
    std::vector<size_t> open;
    const ConstView logits = decoder_.logits();  // [texts that go on, V]
    for (size_t row = 0; row < open_.size(); ++row) {
      Track& track = tracks_[open_[row]];
      if (track.grow(logits.row(static_cast<int64_t>(row)))) {
        parents_.push_back(static_cast<int64_t>(row));
        tokens_.push_back(track.last());
        open.push_back(open_[row]);
      } else {
        results_[open_[row]] = track.take();
      }
    }
    open_ = std::move(open);
    return !open_.empty();
  }

  Decoder decoder_;
  std::vector<Track> tracks_;
  std::vector<size_t> open_;  // of the tracks, those that go on: sequences of the decoder
  std::vector<int64_t> parents_;
  std::vector<int32_t> tokens_;
  std::vector<Generated> results_;
};

}  // namespace

std::vector<Generated> generate_singly(Session& session, const PromptGroup& group,
                                       const GenerationSettings& settings) {
  return SingleRun(session, group, settings).run();
}

}  // namespace locus::generation
