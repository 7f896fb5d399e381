// A callable of Python's that is told how far a run is.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <functional>

#include "python/binding/interpreter.hpp"

namespace locus::python {

/// None: nothing is told. The callable must outlive the run, whose thread takes the lock for it;
/// what it throws ends the run.
inline std::function<void(int64_t, int64_t)> progress_of(const nanobind::object& callable) {
  if (callable.is_none()) return {};
  return [handle = nanobind::handle(callable)](int64_t done, int64_t total) {
    const Locked locked;
    call_python(handle, nanobind::make_tuple(done, total));
  };
}

}  // namespace locus::python
