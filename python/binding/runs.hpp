// What runs without the interpreter's lock, so that the interpreter's exit can end it.
#pragma once

#include <nanobind/nanobind.h>

#include <functional>

namespace locus::python {

/// A run, for as long as it lasts. When the interpreter exits, every run is cancelled, and waited
/// for as long as `exit_wait` allows. From then on the exiting thread alone may begin one: in any
/// other this is a SystemExit, which ends the thread in silence. The lock must be held.
class Run {
 public:
  explicit Run(std::function<void()> cancel);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

 private:
  friend void cancel_runs();
  std::function<void()> cancel_;
};

/// A call of Python's, from its beginning until its results are made: bytecode that runs within
/// C++, to import NumPy say, must not meet the end of the interpreter.
class Call {
 public:
  Call() : run_([] {}) {}

 private:
  Run run_;
};

/// Throws SystemExit where the interpreter exits and this is another thread. The lock must be held.
void expect_no_exit();

/// Whether a run did not end in time when the interpreter exited: what it uses must stay.
bool runs_left_behind();

/// Of a function that is bound: it is a `Call`.
inline constexpr nanobind::call_guard<Call> as_call{};

/// Has the interpreter's exit end all runs.
void watch_exit(nanobind::module_& module);

}  // namespace locus::python
