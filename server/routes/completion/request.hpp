// What a body of /v1/completions asks for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/jobs/completion_job.hpp"
#include "server/routes/routes.hpp"

namespace locus::server {

struct CompletionRequest {
  std::vector<Prompt> prompts;  ///< as they were given
  std::vector<Ids> ids;         ///< of each
  int64_t n = 1;                ///< continuations of each
  CompletionWishes wishes;
  bool stream = false;
  bool stream_usage = false;  ///< the last piece says how many tokens there were

  /// Writes every prompt's continuation `n` times, one after the other.
  std::shared_ptr<CompletionJob> job(const Engine& engine) const;
  int64_t prompt_tokens() const;
};

/// Throws Error for what is not understood, or cannot be had from the engine's model.
CompletionRequest read_completion(const Service& service, const Engine& engine, const Call& call);

}  // namespace locus::server
