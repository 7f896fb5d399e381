// Continuations of a request's prompts, written side by side with those of other requests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/api/fields.hpp"
#include "server/jobs/job.hpp"

namespace locus::server {

/// What a completion is asked for, prompts aside.
struct CompletionWishes {
  GenerateOptions options;          ///< callbacks aside; `max_tokens` is set
  bool joins = false;               ///< the model can write it beside texts that others began
  bool echo = false;                ///< the prompt stands before its continuation
  std::optional<int64_t> logprobs;  ///< so many tokens beside each one
};

/// Text of one of the prompts.
struct Piece {
  int64_t prompt = 0;
  std::string text;
};

class CompletionJob final : public Job {
 public:
  /// `tokenizer`: null where there is none.
  CompletionJob(std::vector<Ids> prompts, CompletionWishes wishes,
                std::shared_ptr<const Tokenizer> tokenizer)
      : prompts_(std::move(prompts)),
        wishes_(std::move(wishes)),
        tokenizer_(std::move(tokenizer)),
        results_(prompts_.size()) {}

  std::string kind() const override;
  size_t size() const override { return prompts_.size(); }
  int64_t tokens() const override;
  void run(Pipeline& pipeline, Company& company) override;

  /// What was written since the last call; waits a little for it. None where nothing came.
  std::vector<Piece> pieces_within(std::chrono::milliseconds time);

  const std::vector<Ids>& prompts() const { return prompts_; }
  /// One for each prompt. After the end.
  const std::vector<GeneratedText>& results() const { return results_; }

 private:
  class SideBySide;

  /// All prompts of a company at once, from beginning to end.
  void write_together(Pipeline& pipeline, Company& company);
  /// Takes text as it grows; false where nobody wants more.
  bool add(int64_t prompt, std::string_view piece);

  std::vector<Ids> prompts_;
  CompletionWishes wishes_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::vector<GeneratedText> results_;
  std::vector<Piece> pieces_;
  bool began_ = false;  // pieces are out, and cannot be written again
};

}  // namespace locus::server
