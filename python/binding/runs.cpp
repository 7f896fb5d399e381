#include "python/binding/runs.hpp"

#include <nanobind/nanobind.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "python/binding/interpreter.hpp"

namespace locus::python {
namespace {

namespace nb = nanobind;

/// A cancelled run ends within milliseconds, unless a callable of Python's holds it.
constexpr std::chrono::seconds exit_wait{2};

struct Registry {
  std::mutex mutex;
  std::condition_variable changed;
  std::set<Run*> runs;
  std::atomic<bool> exiting = false;
  std::atomic<bool> left_behind = false;
  std::thread::id exiting_thread;  // where `exiting`
};

// Never destroyed: threads that are left behind may still come here.
Registry* registry = new Registry;

}  // namespace

Run::Run(std::function<void()> cancel) : cancel_(std::move(cancel)) {
  expect_no_exit();
  const std::lock_guard lock(registry->mutex);
  registry->runs.insert(this);
}

Run::~Run() {
  const std::lock_guard lock(registry->mutex);
  registry->runs.erase(this);
  registry->changed.notify_all();
}

void expect_no_exit() {
  if (!registry->exiting || registry->exiting_thread == std::this_thread::get_id()) return;
  PyErr_SetNone(PyExc_SystemExit);
  throw nb::python_error();
}

bool runs_left_behind() { return registry->left_behind; }

/// At the interpreter's exit, before it closes its lock.
void cancel_runs() {
  registry->exiting_thread = std::this_thread::get_id();
  registry->exiting = true;
  const Unlocked unlocked;
  std::unique_lock lock(registry->mutex);
  for (Run* run : registry->runs) run->cancel_();
  registry->left_behind =
      !registry->changed.wait_for(lock, exit_wait, [] { return registry->runs.empty(); });
}

void watch_exit(nb::module_& module) {
  registry->exiting = false;
  // A child that was forked has none of its parent's runs.
  static const int once =
      pthread_atfork([] { registry->mutex.lock(); }, [] { registry->mutex.unlock(); },
                     [] { registry = new Registry; });
  static_cast<void>(once);
  module.def("cancel_runs", cancel_runs, "Ends all runs, since the interpreter exits.");
  nb::module_::import_("atexit").attr("register")(module.attr("cancel_runs"));
}

}  // namespace locus::python
