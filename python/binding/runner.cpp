#include "python/binding/runner.hpp"

#include <nanobind/nanobind.h>

#include <utility>

namespace locus::python {
namespace {

namespace nb = nanobind;

constexpr std::chrono::milliseconds between_looks{10};

/// Throws a signal's exception once the run has ended for it. The lock must be held.
void look_for_signals(const std::function<bool(std::chrono::milliseconds)>& ended,
                      const std::function<void()>& cancel) {
  if (PyErr_CheckSignals() == 0) return;
  nb::python_error interruption;
  cancel();
  {
    const Unlocked waiting;
    while (!ended(between_looks)) continue;
  }
  throw interruption;
}

}  // namespace

Runner::~Runner() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Runner::start(std::function<void()> task, std::function<void()> cancel) {
  auto run = std::make_unique<Run>(std::move(cancel));
  {
    const std::lock_guard lock(mutex_);
    task_ = std::move(task);
    run_ = std::move(run);
    failure_ = nullptr;
    busy_ = true;
  }
  changed_.notify_all();
}

bool Runner::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, time, [&] { return !busy_; });
}

void Runner::rethrow() {
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Runner::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return closed_ || task_; });
    if (!task_) return;
    auto task = std::exchange(task_, nullptr);
    lock.unlock();
    std::exception_ptr failure;
    try {
      task();
    } catch (...) {
      failure = std::current_exception();
    }
    task = nullptr;
    run_.reset();
    lock.lock();
    failure_ = std::move(failure);
    busy_ = false;
    changed_.notify_all();
  }
}

void DirectWork::check() const {
  if (stopped_) throw Error::cancellation();
  const Locked locked;
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

void watch_signals(const std::function<bool(std::chrono::milliseconds)>& ended,
                   const std::function<void()>& cancel) {
  // Once at least: where an end is always near, as in a loop over a stream, no other code may look.
  look_for_signals(ended, cancel);
  const Unlocked unlocked;
  while (!ended(between_looks)) {
    const Locked locked;
    look_for_signals(ended, cancel);
  }
}

void run_watched(Runner& runner, std::function<void()> task, const std::function<void()>& cancel) {
  runner.start(std::move(task), cancel);
  watch_signals([&](auto time) { return runner.wait(time); }, cancel);
  expect_no_exit();
  runner.rethrow();
}

}  // namespace locus::python
