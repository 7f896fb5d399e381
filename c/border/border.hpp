// The border between C and C++: no exception crosses it, and whatever crosses it is checked.
#pragma once

#include <new>

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "c/border/arguments.hpp"
#include "c/border/held.hpp"
#include "c/border/thread_end.hpp"
#include "c/locus.h"

namespace locus::c {

/// Hands out a message where somebody wants one and there is memory for it.
locus_status report(locus_error** error, locus_status status, const char* message) noexcept;

/// Runs a task, whatever the host has set of arithmetic, and makes a status of whatever it throws,
/// but for the end of its thread.
template <class Task>
locus_status guarded(locus_error** error, const Task& task) {
  if (error) *error = nullptr;
  try {
    const DefaultFloats floats;
    task();
    return LOCUS_OK;
  } catch (const ArgumentError& failure) {
    return report(error, LOCUS_ARGUMENT, failure.what());
  } catch (const Error& failure) {
    return report(error, failure.cancelled() ? LOCUS_CANCELLED : LOCUS_FAILED, failure.what());
  } catch (const std::bad_alloc&) {
    return report(error, LOCUS_NO_MEMORY, "memory: expected more of it, found none");
  } catch (const std::exception& failure) {
    return report(error, LOCUS_FAILED, failure.what());
  } catch (const ThreadEnd&) {
    throw;
  } catch (...) {
    return report(error, LOCUS_FAILED, "callback: expected none to throw, found an exception");
  }
}

/// Runs `fill(result, storage)` on a new result and hands it out.
template <class Result, class Fill>
locus_status answer(Result** result, locus_error** error, const Fill& fill) {
  if (result) *result = nullptr;
  return guarded(error, [&] {
    expect_given("result", result);
    auto held = std::make_unique<Held<Result>>();
    fill(held->value, held->storage);
    *result = &held.release()->value;
  });
}

}  // namespace locus::c
