// How much arithmetic and memory traffic a run takes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/model.hpp"

namespace locus::cli {

/// What is run: `batch` sequences of `length` tokens.
struct Workload {
  int64_t length = 0;
  int64_t batch = 1;
};

/// What a node computes and touches in a run.
struct NodeWork {
  std::string node;
  std::string kind;
  double operations = 0;
  double bytes = 0;  ///< its matrices in their precision, and its f32 rows in and out, once each
};

/// Of `Session::encode` and of the head for every row. Operations are multiplications and additions
/// in matrix products alone: 2 for each weight and row, and 4 d for each head and visible pair of
/// query and key. A decoder that follows an encoder is not counted.
std::vector<NodeWork> work_by_node(const Model& model, const Workload& workload);
/// Operations of all nodes.
double operations(const Model& model, const Workload& workload);

}  // namespace locus::cli
