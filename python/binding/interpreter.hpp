// The interpreter's lock, in threads that may outlive the interpreter.
//
// CPython before 3.14 ends a thread that asks for the lock after its exit has begun, by unwinding
// the thread's stack: no C++ may be unwound so, and the process would abort. Such a thread stays
// where it is instead, as it does in 3.14, and ends with the process.
#pragma once

#include <nanobind/nanobind.h>

namespace locus::python {

/// Holds the lock, in any thread.
class Locked {
 public:
  Locked();
  ~Locked() { PyGILState_Release(state_); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  PyGILState_STATE state_ = {};
};

/// Lets go of the lock.
class Unlocked {
 public:
  Unlocked() : state_(PyEval_SaveThread()) {}
  ~Unlocked();
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  PyThreadState* state_;
};

/// Calls a callable of Python's: the way for every thread that is not Python's own. The lock must
/// be held.
nanobind::object call_python(nanobind::handle callable, const nanobind::tuple& arguments);

}  // namespace locus::python
