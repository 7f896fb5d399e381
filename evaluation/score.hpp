// What a model says of every token of a text, and what follows for the text.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "../engine/session.hpp"
#include "score_text.hpp"
#include "statistics.hpp"
#include "windows.hpp"

namespace locus {

/// One scored token. Softmax and logarithms are accumulated in double.
struct TokenScore {
  int64_t index = 0;  ///< of the token in its text
  int32_t token = 0;  ///< its id
  int32_t rank = 0;   ///< 1 for the most probable token; of equal ones the lower id goes first
  int64_t context =
      0;               ///< tokens that the model saw for it (causal: those before it in the window)
  double nll = 0;      ///< -log p(token | context), nats
  double entropy = 0;  ///< of the model's prediction, nats
};

/// The scored tokens of a text, by index.
using TextScores = std::vector<TokenScore>;

/// Called after each batch with the number of tokens scored so far and in all. To end a run, call
/// `Session::cancel`, from here or from any thread.
using Progress = std::function<void(int64_t done, int64_t total)>;

struct BatchSettings {
  int64_t batch_tokens = 2048;  ///< input tokens that run together; at least one window does
  Progress progress;
};

/// Positions that one window may have by default: what the model was trained on, else what it was
/// made for, at most what its encodings represent; 1,024 where nothing bounds it.
int64_t default_context(const Graph& graph);

struct CausalSettings {
  WindowSettings windows;      ///< `bos` follows from the next field
  std::optional<int32_t> bos;  ///< opens windows; none where the model has none
  BatchSettings batch;
};

/// Scores texts with a causal model by the windows of a convention. One result for each text; a
/// text shorter than a window of `llama.cpp` has none. Throws Error when nothing is scored at all,
/// for an empty text, for logits that are not finite (naming text and token), for windows longer
/// than the model's positions, and when cancelled.
std::vector<TextScores> score_causal(Session& session, std::span<const Text> texts,
                                     const CausalSettings& settings);

/// Scores texts with a causal model in the given windows, one list for each text (see
/// `plan_sweep`), in the place of `settings.windows`. Throws what `score_causal` throws.
std::vector<TextScores> score_windows(Session& session, std::span<const Text> texts,
                                      std::span<const std::vector<Window>> windows,
                                      const CausalSettings& settings);

/// Totals of scored tokens. Ratios are weighted by tokens: sum / sum.
struct Summary {
  int64_t tokens = 0;     ///< scored
  Extent extent;          ///< raw text of the scored tokens; zeroes where it is not known
  double nll = 0;         ///< sum, nats
  double perplexity = 0;  ///< exp(nll / tokens)
  std::optional<double> bits_per_byte;       ///< nll / (bytes ln 2)
  std::optional<double> bits_per_character;  ///< nll / (characters ln 2)
  std::optional<double> word_perplexity;     ///< exp(nll / words)
  double top1 = 0;                           ///< share of tokens of rank 1
  double top5 = 0;                           ///< share of tokens of rank 1 to 5
  double entropy = 0;                        ///< mean, nats
};

/// Sums up scores as they come.
class SummaryMaker {
 public:
  void add(const TokenScore& score, const Extent& extent);
  /// Throws Error when no token was scored.
  Summary finish() const;

 private:
  Summary sums_;
};

/// Throws Error when no token was scored, or when texts and scores differ in number. Here and
/// below, `check` is asked every few milliseconds; it throws to end the work.
Summary summarize(std::span<const Text> texts, std::span<const TextScores> scores,
                  const std::function<void()>& check = {});

/// A unit for each text with scored tokens: the sum of its nll over the number of its tokens, or
/// over its bytes (then in bits). Statistics work on these.
std::vector<Unit> units_by_token(std::span<const TextScores> scores,
                                 const std::function<void()>& check = {});
std::vector<Unit> units_by_byte(std::span<const Text> texts, std::span<const TextScores> scores,
                                const std::function<void()>& check = {});

/// Mean nll by position in the window: a point for each `bucket` positions that hold a score.
/// Throws Error for a bucket below 1.
struct CurvePoint {
  int64_t context = 0;  ///< the bucket's first `TokenScore::context`
  int64_t tokens = 0;
  double nll = 0;  ///< mean, nats
};
std::vector<CurvePoint> loss_by_context(std::span<const TextScores> scores, int64_t bucket,
                                        const std::function<void()>& check = {});

}  // namespace locus
