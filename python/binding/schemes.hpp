// Schemes that are written in Python.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/scheme.hpp"

namespace locus::python {

/// A row of the registry whose factory is a callable of Python's. It gets the parameters by name
/// and gives an object with `embed(shape, positions)`, `rotate(heads, role, positions)` or
/// `score(shape, q, k, queries, keys, first_head, scale)`, which give float32 arrays of the shape
/// that is asked for, or of `heads`. What they are given is theirs.
struct OwnScheme {
  std::string name;
  std::string summary;
  std::vector<std::pair<std::string, Attribute>> parameters;
  bool relative = false;
  nanobind::object make;
};

/// The rows as the engine takes them. Their hooks may run in any thread: they take the lock.
std::vector<Scheme> schemes_of(const std::vector<OwnScheme>& own);

}  // namespace locus::python
