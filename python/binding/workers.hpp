// A model that any number of Python's threads use, and the pipelines that run it for them.
#pragma once

#include <sys/types.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pipelines/pipeline.hpp"
#include "python/binding/runner.hpp"

namespace locus::python {

/// A pipeline and the thread that runs it.
struct Worker {
  explicit Worker(Pipeline shared) : pipeline(std::move(shared)) {}

  Pipeline pipeline;
  Runner runner;
};

/// A model and its workers. A process that was forked from the one that opened it has none of its
/// threads, so that it gets workers of its own.
class Workers {
 public:
  Workers(Pipeline first, int threads);
  ~Workers();

  /// Throws Error where the model was closed.
  const Model& model() const;
  void close();
  bool closed() const { return !first_; }

  /// One that nobody uses, until it is given back.
  std::unique_ptr<Worker> take();
  void give_back(std::unique_ptr<Worker> worker);

  /// A LocusWarning, once, if a text was longer than what the model was trained on.
  void warn_of_length(const Pipeline& pipeline);

  /// Runs a task on a worker, interruptible.
  template <class Task>
  auto run(const Task& task);

 private:
  void expect_open() const;
  void leave_to_parent();

  mutable std::mutex mutex_;
  std::unique_ptr<Pipeline> first_;  // runs nothing
  std::vector<std::unique_ptr<Worker>> idle_;
  int threads_;
  pid_t process_;
  bool warned_ = false;
};

/// A worker for the time of a task.
class Lease {
 public:
  explicit Lease(Workers& workers) : workers_(workers), worker_(workers.take()) {}
  ~Lease() { workers_.give_back(std::move(worker_)); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  Worker* operator->() const { return worker_.get(); }

 private:
  Workers& workers_;
  std::unique_ptr<Worker> worker_;
};

template <class Task>
auto Workers::run(const Task& task) {
  const Lease lease(*this);
  Pipeline& pipeline = lease->pipeline;
  decltype(task(pipeline)) result;
  run_watched(
      lease->runner, [&] { result = task(pipeline); }, [&] { pipeline.cancel(); });
  warn_of_length(pipeline);
  return result;
}

}  // namespace locus::python
