// Turns rows of a run into scores of tokens.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/session.hpp"
#include "evaluation/score.hpp"

namespace locus::evaluation {

/// A token that row `row` of the present run predicts.
struct Target {
  int64_t row = 0;
  size_t text = 0;
  int64_t index = 0;
  int64_t context = 0;
  int32_t token = 0;
};

int32_t id_of(const Text& text, int64_t index);

/// Scores targets of run after run. The head is computed for a bounded number of rows at a time.
class RowScorer {
 public:
  /// `total` tokens will be scored. Throws Error where there are none.
  RowScorer(Session& session, int64_t total, const Progress& progress);
  virtual ~RowScorer() = default;

  /// Scores targets of the session's last run.
  void collect(std::span<const Target> targets);

 protected:
  virtual void take(const Target& target, const TokenScore& score) = 0;
  /// Of a text, for messages.
  virtual std::string name(size_t text) const = 0;

 private:
  void collect_part(std::span<const Target> targets);
  TokenScore score(std::span<const float> logits, const Target& target) const;

  Session& session_;
  int64_t total_;
  const Progress& progress_;
  int64_t done_ = 0;
};

/// `context`, or the model's when it is 0. Throws Error when the model has fewer positions.
int64_t checked_context(const Graph& graph, int64_t context);

/// The same of a model that predicts each token from those before it. Throws Error too where it
/// sees later ones, among them the token itself.
int64_t causal_context(const Graph& graph, int64_t context);
void expect_no_look_ahead(const Graph& graph);

}  // namespace locus::evaluation
