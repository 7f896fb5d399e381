// Beam search for one prompt, as transformers defines it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/generate.hpp"

namespace locus::generation {

/// The best finished candidates.
class Finished {
 public:
  explicit Finished(const BeamSettings& settings) : settings_(settings) {}

  /// `log_p` is the sum over the candidate's tokens.
  void add(Generated candidate, double log_p);
  bool full() const { return static_cast<int64_t>(kept_.size()) >= settings_.beams; }
  double worst() const { return worst_; }
  /// Best first; of equal ones the later.
  std::vector<Generated> best() const;

 private:
  const BeamSettings& settings_;
  std::vector<Generated> kept_;
  double worst_ = 1e9;
};

/// The open candidates of a prompt and what becomes of them.
class BeamSearch {
 public:
  struct Beam {
    std::vector<int32_t> ids;  ///< new tokens
    double log_p = 0;
    int64_t parent = 0;  ///< beam of the step before that it continues
  };

  explicit BeamSearch(const GenerationSettings& settings);

  std::span<const Beam> beams() const { return beams_; }
  bool done() const { return done_; }
  /// Continues the beams by log-probabilities, a row of V for each.
  void advance(std::span<const std::vector<float>> log_p);
  /// The results, once done or at the greatest length.
  std::vector<Generated> results();

 private:
  struct Candidate {
    double log_p;
    int64_t beam;
    int32_t token;
  };
  std::vector<Candidate> best_candidates(std::span<const std::vector<float>> log_p) const;
  bool ends(int32_t token) const;
  bool is_newer() const { return settings_.beam.rules == BeamRules::transformers_5; }
  bool is_done(double best_log_p) const;

  const GenerationSettings& settings_;
  std::vector<Beam> beams_;
  size_t among_best_ = 1;  ///< beams that were among the best `beams` candidates of their step
  Finished finished_;
  int64_t length_ = 0;
  bool done_ = false;
};

}  // namespace locus::generation
