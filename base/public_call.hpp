// How a public function computes, and how it fails.
#pragma once

#include <string_view>

#include "error.hpp"
#include "float_environment.hpp"

namespace locus {

/// Runs the body of the public function `who`: it computes with `DefaultFloats`, and what it throws
/// becomes an Error, as `throw_as_error` makes it.
template <class Body>
auto public_call(std::string_view who, const Body& body) -> decltype(body()) {
  try {
    const DefaultFloats floats;
    return body();
  } catch (...) {
    throw_as_error(who);
  }
}

}  // namespace locus
