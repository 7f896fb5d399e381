// What the tasks run for tokens of a text, or of a stretch of one.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "evaluation/score_infill.hpp"
#include "evaluation/score_masked.hpp"
#include "evaluation/scoring/score_batch.hpp"

namespace locus::evaluation {

/// A window of a causal model; `bos` opens it where it says so.
Item causal_item(const Text& text, const Window& window, const std::optional<int32_t>& bos);

/// A token that is masked, in what is seen of its text.
Item masked_item(const Text& text, int64_t index, const Surroundings& seen,
                 const MaskedSettings& settings);
/// Tokens of a text that a window has room for.
int64_t masked_room(const Graph& graph, const MaskedSettings& settings);

Item infill_item(const Text& text, const InfillWindow& window, const InfillSettings& settings);

/// The windows of `plan_infill`, one after the other, of texts of so many tokens.
class InfillPlan {
 public:
  InfillPlan(std::vector<int64_t> tokens, int64_t context, const InfillSettings& settings);
  /// Nothing after the last one.
  std::optional<InfillWindow> next();

 private:
  std::vector<int64_t> tokens_;
  int64_t context_;
  SpanSettings rule_;
  Random random_;
  size_t text_ = 0;
  int64_t begin_ = 0;
};

}  // namespace locus::evaluation
