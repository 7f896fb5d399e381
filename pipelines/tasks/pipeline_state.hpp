// What a pipeline holds.
#pragma once

#include <atomic>
#include <memory>

#include "pipelines/pipeline.hpp"

namespace locus {

struct Pipeline::State {
  State(std::shared_ptr<const Model> opened, int threads)
      : model(std::move(opened)), session(model->graph(), {.threads = threads}) {}

  /// Throws Error::cancellation() after `cancel`: for work that no session does.
  void check() const;
  /// Completes an evaluation that has its settings and its tokenizer.
  Evaluation evaluate(Evaluation evaluation, std::vector<Document> documents);

  std::shared_ptr<const Model> model;
  Session session;
  std::shared_ptr<const Tokenizer> tokenizer;  ///< null until it is needed
  std::atomic<bool> cancelled = false;
};

}  // namespace locus
