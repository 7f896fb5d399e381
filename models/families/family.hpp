// A family turns a Hugging Face config into a graph.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/graph_spec.hpp"
#include "engine/weights.hpp"
#include "models/files/config.hpp"
#include "models/model.hpp"

namespace locus::families {

/// What a family makes of a config.
struct FamilyGraph {
  GraphSpec spec;
  /// Stored names that may stay unread: patterns of `matches_name`.
  std::vector<std::string> harmless;
};

/// One row of the table of families. The file of a family defines it.
struct Family {
  std::string model_type;  ///< `model_type` of config.json
  /// The graph for a config. `weights` tells which optional parts are there (a pooler, a head, a
  /// name prefix); sizes and values come from the config.
  FamilyGraph (*build)(const Config& config, const Weights& weights);
  ModelIds special = {};  ///< the defaults of the model type's own config class
};

/// Every family that is known.
std::span<const Family> registered();
/// Throws Error that lists the known types.
const Family& find_family(const Config& config);

}  // namespace locus::families
