// What a call throws, as tests compare it.
#pragma once

#include <string>

#include "base/error.hpp"

namespace locus::tests {

/// The message of the Error that a call throws; `fallback` where it throws nothing.
template <typename Call>
std::string failure_of(const Call& call, const std::string& fallback = "") {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return fallback;
}

/// Whether a call throws the Error of a cancelled run.
template <typename Call>
bool ends_cancelled(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.cancelled();
  }
  return false;
}

}  // namespace locus::tests
