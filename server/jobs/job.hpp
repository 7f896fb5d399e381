// Work that a request asks of a model, and that somebody waits for.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "pipelines/pipeline.hpp"

namespace locus::server {

/// A job owns everything that it works on, since who waits for it may give it up.
class Job {
 public:
  virtual ~Job() = default;

  /// Jobs of one kind run together; an empty one runs by itself.
  virtual std::string kind() const { return {}; }
  /// Sequences that it brings into a run.
  virtual size_t size() const { return 1; }
  /// Does what all of `together`, this one among them, ask for. They are of one kind.
  virtual void run(Pipeline& pipeline, std::span<Job* const> together) = 0;

  /// Nobody waits any more. Whether somebody did until now.
  bool give_up() noexcept { return !given_up_.exchange(true); }
  bool given_up() const noexcept { return given_up_; }

  /// Called once, when it has run or will not: with what it failed of, or null.
  void end(std::exception_ptr failure) noexcept;
  /// Waits a little; whether it has ended.
  bool ended_within(std::chrono::milliseconds time);
  /// Throws what it failed of. After its end.
  void check() const;

 protected:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;  // guarded by the mutex, as is whatever is read before the end

 private:
  std::atomic<bool> given_up_ = false;
  std::exception_ptr failure_;
};

/// One call of a pipeline.
template <typename Result>
class Single final : public Job {
 public:
  explicit Single(std::function<Result(Pipeline&)> work) : work_(std::move(work)) {}
  void run(Pipeline& pipeline, std::span<Job* const>) override { result_ = work_(pipeline); }
  Result take() { return std::move(*result_); }

 private:
  std::function<Result(Pipeline&)> work_;
  std::optional<Result> result_;
};

}  // namespace locus::server
