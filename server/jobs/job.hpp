// Work that a request asks of a model, and that somebody waits for.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipelines/pipeline.hpp"

namespace locus::server {

class Company;

/// A job owns everything that it works on, since who waits for it may give it up.
class Job {
 public:
  virtual ~Job() = default;

  /// Jobs of one kind run together; an empty one runs by itself.
  virtual std::string kind() const { return {}; }
  /// Sequences that it brings into a run.
  virtual size_t size() const { return 1; }
  /// Tokens that it may come to, where what it reads and writes is kept until its end.
  virtual int64_t tokens() const { return 0; }
  /// Does what all of the company, this one among them, ask for.
  virtual void run(Pipeline& pipeline, Company& company) = 0;

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

/// Jobs of one kind that run together.
class Company {
 public:
  using Jobs = std::vector<std::shared_ptr<Job>>;

  virtual ~Company() = default;
  /// Those that the run began with.
  virtual const Jobs& first() const = 0;
  /// Takes those that have come since and that there is room for. They belong to the run from now
  /// on.
  virtual Jobs join() = 0;
  /// A job's end before the run's. What has not ended when the run does, ends then.
  virtual void end(Job& job, std::exception_ptr failure) = 0;
};

/// One call of a pipeline.
template <typename Result>
class Single final : public Job {
 public:
  explicit Single(std::function<Result(Pipeline&)> work) : work_(std::move(work)) {}
  void run(Pipeline& pipeline, Company&) override { result_ = work_(pipeline); }
  Result take() { return std::move(*result_); }

 private:
  std::function<Result(Pipeline&)> work_;
  std::optional<Result> result_;
};

}  // namespace locus::server
