// How much arithmetic a run takes.
#pragma once

#include <cstdint>

#include "models/model.hpp"

namespace locus::cli {

/// What is run: `batch` sequences of `length` tokens.
struct Workload {
  int64_t length = 0;
  int64_t batch = 1;
};

/// Multiplications and additions of `Session::encode` and of the head for every row, in matrix
/// products alone: 2 for each weight and row, and 4 d for each head and visible pair of query and
/// key. A decoder that follows an encoder is not counted.
double operations(const Model& model, const Workload& workload);

}  // namespace locus::cli
