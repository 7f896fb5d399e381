#include "models/generation/beam.hpp"

#include <algorithm>
#include <cmath>

#include "models/generation/choice.hpp"

namespace locus::generation {

void Finished::add(Generated candidate, double log_p) {
  const auto length = static_cast<double>(candidate.ids.size());
  candidate.score = log_p / std::pow(length, settings_.length_penalty);
  if (full() && candidate.score <= worst_) return;
  kept_.push_back(std::move(candidate));
  const auto lower = [](const Generated& a, const Generated& b) { return a.score < b.score; };
  if (static_cast<int64_t>(kept_.size()) > settings_.beams) {
    kept_.erase(std::min_element(kept_.begin(), kept_.end(), lower));
  }
  worst_ = std::min_element(kept_.begin(), kept_.end(), lower)->score;
}

std::vector<Generated> Finished::best() const {
  std::vector<Generated> sorted(kept_.rbegin(), kept_.rend());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Generated& a, const Generated& b) { return a.score > b.score; });
  sorted.resize(std::min(sorted.size(), static_cast<size_t>(settings_.n_best)));
  return sorted;
}

BeamSearch::BeamSearch(const GenerationSettings& settings)
    : settings_(settings), beams_(1), finished_(settings.beam) {}

bool BeamSearch::ends(int32_t token) const { return std::ranges::count(settings_.end, token) > 0; }

std::vector<BeamSearch::Candidate> BeamSearch::best_candidates(
    std::span<const std::vector<float>> log_p) const {
  const auto better = [](const Candidate& a, const Candidate& b) {
    if (a.log_p != b.log_p) return a.log_p > b.log_p;
    return a.beam != b.beam ? a.beam < b.beam : a.token < b.token;
  };
  // So many that the beams can be filled even if every one of them could end.
  const auto ends = static_cast<int64_t>(settings_.end.size());
  const auto wanted = static_cast<size_t>(std::max<int64_t>(2, 1 + ends) * settings_.beam.beams);
  std::vector<Candidate> best;  // a heap whose front is the worst
  for (size_t beam = 0; beam < beams_.size(); ++beam) {
    for (size_t token = 0; token < log_p[beam].size(); ++token) {
      const Candidate candidate{beams_[beam].log_p + log_p[beam][token], static_cast<int64_t>(beam),
                                static_cast<int32_t>(token)};
      if (best.size() == wanted) {
        if (!better(candidate, best.front())) continue;
        std::pop_heap(best.begin(), best.end(), better);
        best.pop_back();
      }
      best.push_back(candidate);
      std::push_heap(best.begin(), best.end(), better);
    }
  }
  std::sort_heap(best.begin(), best.end(), better);
  return best;
}

void BeamSearch::advance(std::span<const std::vector<float>> log_p) {
  const std::vector<Candidate> candidates = best_candidates(log_p);
  expect_choice(candidates.front().log_p);
  const auto width = static_cast<size_t>(settings_.beam.beams);
  std::vector<Beam> next;
  ++length_;
  among_best_ = 0;
  for (size_t rank = 0; rank < candidates.size() && next.size() < width; ++rank) {
    const Candidate& candidate = candidates[rank];
    std::vector<int32_t> ids = beams_[static_cast<size_t>(candidate.beam)].ids;
    ids.push_back(candidate.token);
    if (!ends(candidate.token)) {
      next.push_back({std::move(ids), candidate.log_p, candidate.beam});
      if (rank < width) ++among_best_;
    } else if (rank < width) {
      if (!is_newer()) ids.back() = settings_.end.front();
      finished_.add({std::move(ids), 0, Finish::end_token}, candidate.log_p);
    }
  }
  beams_ = std::move(next);
  done_ = is_done(is_newer() ? beams_.front().log_p : candidates.front().log_p);
}

bool BeamSearch::is_done(double best_log_p) const {
  if (!finished_.full()) return false;
  const BeamSettings& beam = settings_.beam;
  if (beam.early_stopping == EarlyStopping::always) return true;
  const bool longest = beam.early_stopping == EarlyStopping::never && beam.length_penalty > 0;
  const auto length = static_cast<double>(longest ? settings_.max_tokens : length_);
  return finished_.worst() >= best_log_p / std::pow(length, beam.length_penalty);
}

std::vector<Generated> BeamSearch::results() {
  if (!done_) {
    if (is_newer()) beams_.resize(among_best_);
    for (Beam& beam : beams_) {
      finished_.add({std::move(beam.ids), 0, Finish::max_tokens}, beam.log_p);
    }
    done_ = true;
  }
  return finished_.best();
}

}  // namespace locus::generation
