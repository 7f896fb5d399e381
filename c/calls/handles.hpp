// What the opaque handles hold.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "c/border/border.hpp"
#include "pipelines/pipeline.hpp"

namespace locus::c {

/// A model and what its workers share. The first of the pipelines runs nothing.
struct SharedModel {
  std::mutex mutex;
  Pipeline pipeline;

  explicit SharedModel(Pipeline opened) : pipeline(std::move(opened)) {}

  const Model& model() const { return pipeline.model(); }
  /// Opened when it is first needed; any thread may use it from then on.
  const Tokenizer& tokenizer(const std::function<void()>& check = {}) {
    const std::lock_guard lock(mutex);
    return pipeline.tokenizer(check);
  }
};

}  // namespace locus::c

struct locus_model {
  std::unique_ptr<locus::c::SharedModel> shared;
};

struct locus_worker {
  /// `closed`: busy, and to be deleted at the end of its call, which nobody else can name any more.
  enum class State { idle, busy, closed };

  locus::Pipeline pipeline;
  std::atomic<State> state = State::idle;

  /// Whether the state was `from`, and is `to` now.
  bool change(State from, State to) { return state.compare_exchange_strong(from, to); }
};

namespace locus::c {

/// A worker for the time of one call. Throws ArgumentError for NULL, and where another call,
/// of another thread or the one that calls back, has not ended.
class Turn {
 public:
  explicit Turn(locus_worker* worker) : worker_(worker) {
    expect_given("worker", worker);
    if (!worker->change(State::idle, State::busy)) {
      throw ArgumentError(
          "worker",
          "one call at a time: locus_worker_open opens one for another thread or a callback",
          "a call that has not ended");
    }
  }
  ~Turn() {
    if (!worker_->change(State::busy, State::idle)) delete worker_;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  Pipeline& pipeline() const { return worker_->pipeline; }

 private:
  using State = locus_worker::State;
  locus_worker* worker_;
};

/// Throws ArgumentError for NULL.
inline SharedModel& shared(const locus_model* model) {
  expect_given("model", model);
  return *model->shared;
}

}  // namespace locus::c
