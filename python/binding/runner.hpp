// Work in a thread of its own, so that the interpreter's thread can look after signals meanwhile.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "python/binding/interpreter.hpp"
#include "python/binding/runs.hpp"

namespace locus::python {

/// Runs one task at a time.
class Runner {
 public:
  Runner() : thread_([this] { serve(); }) {}
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Nothing may be running. `cancel`: has the task end, where the interpreter exits.
  void start(std::function<void()> task, std::function<void()> cancel);
  /// Whether the task ended within that time.
  bool wait(std::chrono::milliseconds time);
  /// Throws what the task threw, once.
  void rethrow();

 private:
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> task_;
  std::unique_ptr<Run> run_;
  std::exception_ptr failure_;
  bool busy_ = false;
  bool closed_ = false;
  std::thread thread_;
};

/// Starts the task and waits for it without the interpreter's lock. A signal that Python's handlers
/// make an exception of (Ctrl-C) calls `cancel`; the exception is thrown when the task has ended.
/// Throws SystemExit in a thread that the interpreter's exit leaves behind.
void run_watched(Runner& runner, std::function<void()> task, const std::function<void()>& cancel);

/// Work in the interpreter's own thread, without its lock.
class DirectWork {
 public:
  DirectWork() : run_([this] { stopped_ = true; }) {}

  /// Throws the exception of a signal that came, and where the interpreter exits.
  void check() const;

 private:
  std::atomic<bool> stopped_ = false;
  Run run_;
  Unlocked unlocked_;
};

/// Calls `task(check)` in this thread, without the interpreter's lock; it asks `check` every few
/// milliseconds.
template <class Task>
auto run_here(const Task& task) {
  try {
    const DirectWork work;
    return task(std::function<void()>([&work] { work.check(); }));
  } catch (const Error&) {
    expect_no_exit();
    throw;
  }
}

/// Waits, without the interpreter's lock, until `ended`, which is asked with a short time to wait.
void watch_signals(const std::function<bool(std::chrono::milliseconds)>& ended,
                   const std::function<void()>& cancel);

}  // namespace locus::python
