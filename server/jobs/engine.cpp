#include "server/jobs/engine.hpp"

#include "base/error.hpp"
#include "pipelines/tokenizers.hpp"

namespace locus::server {
namespace {

constexpr size_t texts_together = 256;  // as many rows of logits are alive at a time

bool writes(const Model& model) {
  const std::string& task = model.spec().task;
  return task == "causal-lm" || task == "sequence-to-sequence";
}

WorkerLimits limits_of(const ServerOptions& options) {
  return {.queue = static_cast<size_t>(options.queue), .tokens = options.max_tokens};
}

}  // namespace

Pipeline Engine::pipeline(const ServedModel& served, const ServerOptions& options) const {
  return Pipeline(model_, options.threads, served.folder);
}

Engine::Engine(const ServedModel& served, const std::string& encoding, const ServerOptions& options,
               Metrics& metrics)
    : name_(served.name),
      model_(served.open(encoding)),
      tokenizer_(find_tokenizer(*model_)),
      answers_(pipeline(served, options), limits_of(options), metrics) {
  if (!writes(*model_)) return;
  WorkerLimits limits = limits_of(options);
  limits.together = texts_together;
  writer_.emplace(pipeline(served, options), limits, metrics);
}

const Tokenizer& Engine::tokenizer() const {
  if (tokenizer_) return *tokenizer_;
  throw Error("tokenizer", "one in the model's folder", "none");
}

}  // namespace locus::server
