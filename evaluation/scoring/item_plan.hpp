// Which tokens a task runs together, known before the tokens are.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "evaluation/score_stream.hpp"
#include "evaluation/scoring/score_batch.hpp"

namespace locus::evaluation {

/// An item to be made of tokens [begin, end) of a text.
struct PlannedItem {
  size_t text = 0;
  int64_t begin = 0;
  int64_t end = 0;
  int64_t targets = 0;
  /// Of a stretch of the text that holds them, and the number of its first token.
  std::function<Item(const Text& stretch, int64_t first)> make;
};

/// Items one after the other, in the order of texts and of their targets.
class ItemPlan {
 public:
  virtual ~ItemPlan() = default;
  /// Nothing after the last one.
  virtual std::optional<PlannedItem> next() = 0;
};

std::unique_ptr<ItemPlan> plan_items(const Graph& graph, std::span<const TextSize> texts,
                                     const ScoringSettings& settings);

}  // namespace locus::evaluation
