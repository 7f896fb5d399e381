// Pseudo-log-likelihood of masked models: one run for each scored token, with that token masked.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "../base/random.hpp"
#include "../base/watch.hpp"
#include "score.hpp"

namespace locus {

/// What is hidden when a token is scored.
///
/// - `position`: that token alone (Salazar et al. 2020, equation 1).
/// - `word`: that token and those after it in the same word (PLL-word-l2r, Kauf and Ivanova 2023),
///   so that a word's pieces do not give each other away.
enum class Masking { position, word };

/// Tokens that are scored where nobody says how many.
inline constexpr int64_t default_sample = 512;

struct MaskedSettings {
  Masking masking = Masking::position;
  int32_t mask = 0;                 ///< id of the mask token
  std::vector<int32_t> before;      ///< special tokens that open every window, as [CLS]
  std::vector<int32_t> after;       ///< special tokens that close it, as [SEP]
  int64_t context = 0;              ///< positions of a window, special tokens included; 0: default
  int64_t sample = default_sample;  ///< tokens to score, of all texts together; 0: all
  uint64_t seed = 0;                ///< of the sample
  BatchSettings batch;
};

/// Ids [begin, end) of a text that are seen when token `index` is scored: as many as there is room
/// for, with the token in their middle except near the ends of the text.
struct Surroundings {
  int64_t begin = 0;
  int64_t end = 0;
  bool operator==(const Surroundings&) const = default;
};
Surroundings surroundings(int64_t index, int64_t tokens, int64_t room);

/// `count` different numbers below `total`, ascending: every subset is equally likely (selection
/// sampling, Knuth volume 2, algorithm 3.4.2 S). All of them when `count` is 0 or exceeds `total`.
std::vector<int64_t> sample_indices(int64_t total, int64_t count, uint64_t seed);

/// The numbers of `sample_indices`, drawn one by one and never held in a list.
class IndexSample {
 public:
  /// `check` is asked every few milliseconds; it throws to end the work.
  IndexSample(int64_t total, int64_t count, uint64_t seed, const std::function<void()>& check = {});
  /// Nothing after the last one.
  std::optional<int64_t> next();

 private:
  Random random_;
  Watch watch_;
  int64_t total_;
  int64_t missing_;
  int64_t index_ = 0;
};

/// A token of one of several texts.
struct Place {
  size_t text = 0;
  int64_t index = 0;
  bool operator==(const Place&) const = default;
};
/// So many tokens of all texts together, in order (see `sample_indices`).
/// `check` is asked as in `IndexSample`.
std::vector<Place> sample_places(std::span<const Text> texts, int64_t count, uint64_t seed,
                                 const std::function<void()>& check = {});

/// Scores texts with a masked model. Masked copies of texts share ragged batches; the head is
/// computed for the masked rows alone. Throws Error when there is nothing to score, for an empty
/// text, for `word` without word starts, for logits that are not finite, and when cancelled.
std::vector<TextScores> score_masked(Session& session, std::span<const Text> texts,
                                     const MaskedSettings& settings);

/// Scores the given tokens, each masked alone in its window, in the place of a sample:
/// `settings.sample` and `settings.seed` are not used.
std::vector<TextScores> score_places(Session& session, std::span<const Text> texts,
                                     std::span<const Place> places, const MaskedSettings& settings);

/// Scores tokens with the rest of their word masked too. `alone` is what `score_masked` or
/// `score_places` gave for them; a token that is a word by itself keeps that score.
std::vector<TextScores> score_words(Session& session, std::span<const Text> texts,
                                    const std::vector<TextScores>& alone,
                                    const MaskedSettings& settings);

}  // namespace locus
