// Where a model leaves a reference.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/graph_spec.hpp"
#include "engine/tensor.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

/// One node's output against the reference's.
struct NodeMatch {
  std::string name;
  std::string kind;
  double largest = 0;   ///< difference of two values
  double relative = 0;  ///< the same as a share of the reference's largest value
  int64_t row = 0, column = 0;
  double expected = 0, found = 0;  ///< there
  std::string shape;               ///< what the reference has where shapes differ; else empty
};

struct Bisection {
  std::vector<NodeMatch> nodes;           ///< in order of computation
  std::optional<size_t> first;            ///< of `nodes`, that differs by more than the tolerance
  std::vector<std::string> causes;        ///< of that one
  std::vector<std::string> not_in_graph;  ///< tensors of the reference that no node has the name of
  double tolerance = 0;
};

/// Both outputs of a node, [rows, width].
struct NodePair {
  const NodeSpec& node;
  ConstView found;
  ConstView expected;
  int64_t agreed = 0;  ///< nodes of its kind before it that agree
};

/// What usually makes such a node differ in such a way; the likeliest first.
std::vector<std::string> likely_causes(const NodePair& pair, const NodeMatch& match);

Json to_json(const Bisection& bisection);
std::string to_text(const Bisection& bisection);

}  // namespace locus::cli
