#include "python/binding/interpreter.hpp"

#include <unistd.h>

namespace locus::python {
namespace {

/// Never returns; the process ends without this thread.
[[noreturn]] void stay() {
  while (true) pause();
}

}  // namespace

// What these calls of C throw can only be the unwinding.

Locked::Locked() {
  try {
    state_ = PyGILState_Ensure();
  } catch (...) {
    stay();
  }
}

Unlocked::~Unlocked() {
  try {
    PyEval_RestoreThread(state_);
  } catch (...) {
    stay();
  }
}

nanobind::object call_python(nanobind::handle callable, const nanobind::tuple& arguments) {
  PyObject* result = nullptr;
  try {
    result = PyObject_CallObject(callable.ptr(), arguments.ptr());
  } catch (...) {
    stay();
  }
  if (!result) throw nanobind::python_error();
  return nanobind::steal(result);
}

}  // namespace locus::python
