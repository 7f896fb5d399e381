// Continuations of a request's prompts, written with those of all requests that want the same.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/predict_tokens.hpp"
#include "server/api/fields.hpp"
#include "server/jobs/job.hpp"

namespace locus::server {

/// What a completion is asked for, prompts aside.
struct CompletionWishes {
  GenerateOptions options;          ///< callbacks aside; `max_tokens` is set
  bool seeded = false;              ///< the client chose the seed of its draws
  bool echo = false;                ///< the prompt stands before its continuation
  std::optional<int64_t> logprobs;  ///< so many tokens beside each one
};

/// One continuation, and what the model says of its tokens.
struct Completion {
  GeneratedText text;
  std::vector<PredictedToken> predictions;  ///< of the echoed tokens but the first, and new ones
};

/// Text of one of the prompts.
struct Piece {
  int64_t prompt = 0;
  std::string text;
};

class CompletionJob final : public Job {
 public:
  CompletionJob(std::vector<Ids> prompts, CompletionWishes wishes)
      : prompts_(std::move(prompts)), wishes_(std::move(wishes)), results_(prompts_.size()) {}

  /// Draws from a seed of the client's depend on a prompt's place, and so stay by themselves.
  std::string kind() const override;
  size_t size() const override { return prompts_.size(); }
  void run(Pipeline& pipeline, std::span<Job* const> together) override;

  /// What was written since the last call; waits a little for it. None where nothing came.
  std::vector<Piece> pieces_within(std::chrono::milliseconds time);

  /// One for each prompt. After the end.
  const std::vector<Completion>& results() const { return results_; }

 private:
  void write(Pipeline& pipeline, std::span<Job* const> together);
  void predict(Pipeline& pipeline);
  /// Takes text as it grows; false where nobody wants more.
  bool add(int64_t prompt, std::string_view piece);

  std::vector<Ids> prompts_;
  CompletionWishes wishes_;
  std::vector<Completion> results_;
  std::vector<Piece> pieces_;
  bool began_ = false;  // pieces are out, and cannot be written again
};

}  // namespace locus::server
