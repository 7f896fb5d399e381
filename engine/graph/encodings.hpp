// The encodings of a graph, made from their specs.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/graph.hpp"
#include "engine/graph/weight_source.hpp"

namespace locus::graph {

/// What was made of the table of encodings.
struct Encodings {
  std::map<std::string, std::shared_ptr<const PositionalEncoding>> by_name;
  std::vector<std::string> initialised;  ///< weights that began from a seeded initial state
  int64_t parameters = 0;                ///< values of all their weights, stored or not
  int64_t initialised_parameters = 0;

  /// The encoding that a node refers to; the base class, `none`, for an empty name.
  std::shared_ptr<const PositionalEncoding> of(const NodeSpec& node) const;
};

Encodings make_encodings(const GraphSpec& spec, WeightSource& source, const GraphOptions& options);

}  // namespace locus::graph
