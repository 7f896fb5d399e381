// An opened model with the threads that run it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "models/model.hpp"
#include "server/jobs/worker.hpp"
#include "server/server.hpp"
#include "tokenizer/tokenizer.hpp"

namespace locus::server {

class Engine {
 public:
  Engine(const ServedModel& served, const std::string& encoding, const ServerOptions& options,
         Metrics& metrics);

  const std::string& name() const { return name_; }
  const Model& model() const { return *model_; }
  /// Throws Error where the folder has none.
  const Tokenizer& tokenizer() const;
  std::shared_ptr<const Tokenizer> shared_tokenizer() const { return tokenizer_; }

  /// Runs short work in a request's thread of control: see `Worker::run`.
  template <typename Result>
  Result run(const Call& call, std::function<Result(Pipeline&)> work) {
    const auto job = std::make_shared<Single<Result>>(std::move(work));
    answers_.run(job, call);
    return job->take();
  }
  Worker& answers() { return answers_; }
  /// Long texts are written by a thread of their own, so that short answers do not wait for them.
  Worker& writer() { return writer_ ? *writer_ : answers_; }
  size_t waiting() const { return answers_.waiting() + (writer_ ? writer_->waiting() : 0); }

 private:
  Pipeline pipeline(const ServedModel& served, const ServerOptions& options) const;

  std::string name_;
  std::shared_ptr<const Model> model_;
  std::shared_ptr<const Tokenizer> tokenizer_;  // null where there is none
  Worker answers_;
  std::optional<Worker> writer_;
};

}  // namespace locus::server
