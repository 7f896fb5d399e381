// The C interface's handles and results as values of C++, its errors as exceptions.
#pragma once

#include <locus.h>

#include <memory>
#include <stdexcept>
#include <string>

struct FreeResult {
  void operator()(void* result) const { locus_free(result); }
};
template <class Result>
using Freed = std::unique_ptr<Result, FreeResult>;

/// A call that failed: one line that says who, expected, found.
class LocusError : public std::runtime_error {
 public:
  LocusError(locus_status status, const std::string& message)
      : std::runtime_error(message), cancelled(status == LOCUS_CANCELLED) {}
  const bool cancelled;
};

/// Throws a LocusError unless the status is LOCUS_OK; frees `error`.
void expect_ok(locus_status status, locus_error* error);

/// The result of `call(&result, &error)`.
template <class Result, class Call>
Freed<Result> result_of(const Call& call) {
  Result* result = nullptr;
  locus_error* error = nullptr;
  const locus_status status = call(&result, &error);
  Freed<Result> freed(result);
  expect_ok(status, error);
  return freed;
}

/// A model with one worker. Only `cancel` and `resume` may be called from another thread.
struct OpenModel {
  locus_model* model = nullptr;
  locus_worker* worker = nullptr;

  /// `options` may be told of the progress, and may end it. Throws LocusError.
  OpenModel(const std::string& path, const locus_open_options& options);
  ~OpenModel();
  OpenModel(const OpenModel&) = delete;
  OpenModel& operator=(const OpenModel&) = delete;
};
