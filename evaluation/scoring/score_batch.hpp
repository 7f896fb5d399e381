// Runs what is to be scored in ragged batches.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/session.hpp"
#include "evaluation/scoring/row_scorer.hpp"

namespace locus::evaluation {

/// One sequence and the tokens that its rows predict.
struct Item {
  std::vector<int32_t> input;          ///< ids of the model, or of its encoder
  std::vector<int32_t> decoder_input;  ///< ids of the decoder; empty where there is none
  std::vector<Target> targets;         ///< rows counted within the item

  /// This item, with targets in the text of that number, counted from its token `first`.
  Item&& of_text(size_t text, int64_t first = 0) &&;
  int64_t tokens() const { return static_cast<int64_t>(input.size() + decoder_input.size()); }
};

/// Gathers items until a batch is full.
class BatchRunner {
 public:
  BatchRunner(Session& session, RowScorer& scorer, int64_t batch_tokens)
      : session_(session), scorer_(scorer), batch_tokens_(batch_tokens) {}

  /// Runs the batch first when the item does not fit into it.
  void add(Item item);
  /// Runs what has been gathered.
  void flush();

 private:
  Session& session_;
  RowScorer& scorer_;
  int64_t batch_tokens_;
  int64_t tokens_ = 0;
  std::vector<Item> items_;
};

}  // namespace locus::evaluation
