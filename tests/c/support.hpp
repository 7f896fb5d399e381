// Handles that close themselves, for tests of the C interface.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "c/locus.h"

namespace locus::tests {

struct Free {
  void operator()(void* result) const { locus_free(result); }
};
template <class Result>
using Freed = std::unique_ptr<Result, Free>;

/// What a call that must fail says, as `status: message`.
template <class Call>
std::string failure_of(const Call& call) {
  locus_error* error = nullptr;
  const locus_status status = call(&error);
  const Freed<locus_error> freed(error);
  if (!error) return std::to_string(status);
  CHECK(status == error->status);
  return std::to_string(status) + ": " + error->message;
}

/// The result of a call that must succeed.
template <class Result, class Call>
Freed<Result> result_of(const Call& call) {
  Result* result = nullptr;
  locus_error* error = nullptr;
  const locus_status status = call(&result, &error);
  const Freed<locus_error> freed(error);
  INFO((error ? error->message : ""));
  REQUIRE(status == LOCUS_OK);
  REQUIRE(result != nullptr);
  return Freed<Result>(result);
}

/// A model with one worker.
struct Opened {
  locus_model* model = nullptr;
  locus_worker* worker = nullptr;

  explicit Opened(const std::string& path) {
    REQUIRE(locus_open(path.c_str(), nullptr, &model, nullptr) == LOCUS_OK);
    REQUIRE(locus_worker_open(model, 2, &worker, nullptr) == LOCUS_OK);
  }
  ~Opened() {
    locus_worker_close(&worker);
    locus_close(&model);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
};

}  // namespace locus::tests
