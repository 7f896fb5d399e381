// Baselines that a trained model must beat: token frequencies and a trigram.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "score_text.hpp"

namespace locus {

/// Which tokens of the same text a kind of model may see: those before the token, or all others.
enum class Sight { before, around };

/// Nats of every token of each text.
using FloorLosses = std::vector<std::vector<double>>;

/// Probability of each token without any context, p(w). [V]
using Frequencies = std::vector<double>;

/// Counted in the texts themselves, leaving out the token that is predicted: (c(w) - 1 + 1) /
/// (n - 1 + V). For use where there is no training text: it knows the compared text better than one
/// would. Throws Error for ids beyond V.
/// `check` is called every few milliseconds, here and below; it throws to give up.
Frequencies frequencies_of(std::span<const Text> texts, int64_t vocabulary,
                           const std::function<void()>& check = {});

/// -ln p(w). Throws Error for ids beyond V, here and below; `check` is called every few
/// milliseconds, and throws to give up.
FloorLosses frequency_losses(std::span<const Text> texts, const Frequencies& frequencies,
                             const std::function<void()>& check = {});

/// -ln((1 - a) p(w) + a d(w) / n), where d counts the n tokens of the same text that are seen.
FloorLosses document_losses(std::span<const Text> texts, const Frequencies& frequencies,
                            double share, Sight sight, const std::function<void()>& check = {});

/// Counts of a training text (`floors.safetensors`, which tools/train/floors.py writes).
class Floors {
 public:
  /// Reads `floors.safetensors` and `floors.json` of a folder. Throws Error that says what is wrong
  /// with them.
  static Floors open(const std::filesystem::path& folder);
  ~Floors();
  Floors(Floors&&) noexcept;

  int64_t vocabulary() const;
  /// SHA-256 of the vocabulary that the ids are of.
  const std::string& vocabulary_sha256() const;
  /// SHA-256 of the training text.
  const std::string& corpus_sha256() const;
  /// (c(w) + 1) / (N + V)
  const Frequencies& frequencies() const;
  /// The share of the document's counts that fits the validation documents best.
  double document_share(Sight sight) const;
  /// Mean losses on the validation documents of the training text, nats per token, where the folder
  /// says them: `frequencies`, `document, causal`, `document, masked`, `trigram`.
  const std::map<std::string, double>& validation() const;
  /// Of an interpolated Kneser-Ney trigram with three discounts a level (Chen and Goodman 1999,
  /// section 4.1.6), each text opened by two beginning-of-text tokens.
  FloorLosses trigram_losses(std::span<const Text> texts,
                             const std::function<void()>& check = {}) const;

 private:
  struct State;
  explicit Floors(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Shares of the document's counts where no floors file gives them.
inline constexpr double default_document_share_before = 0.5, default_document_share_around = 0.7;

}  // namespace locus
