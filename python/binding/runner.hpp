// Work in a thread of its own, so that the interpreter's thread can look after signals meanwhile.
#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace locus::python {

/// Runs one task at a time.
class Runner {
 public:
  Runner() : thread_([this] { serve(); }) {}
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Nothing may be running.
  void start(std::function<void()> task);
  /// Whether the task ended within that time.
  bool wait(std::chrono::milliseconds time);
  /// Throws what the task threw, once.
  void rethrow();

 private:
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> task_;
  std::exception_ptr failure_;
  bool busy_ = false;
  bool closed_ = false;
  std::thread thread_;
};

/// Starts the task and waits for it without the interpreter's lock. A signal that Python's handlers
/// make an exception of (Ctrl-C) calls `cancel`; the exception is thrown when the task has ended.
void run_watched(Runner& runner, std::function<void()> task, const std::function<void()>& cancel);

/// Throws the exception of a signal that came: for work in the interpreter's own thread, which need
/// not hold its lock.
void check_signals();

/// Waits, without the interpreter's lock, until `ended`, which is asked with a short time to wait.
void watch_signals(const std::function<bool(std::chrono::milliseconds)>& ended,
                   const std::function<void()>& cancel);

}  // namespace locus::python
