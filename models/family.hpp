// A family turns a Hugging Face config into a graph. Internal: not installed.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph_spec.hpp"
#include "engine/weights.hpp"

namespace locus {

/// One row of the table of families.
struct Family {
  std::string model_type;  ///< `model_type` of config.json
  /// The graph for a config. `weights` tells which optional parts are there (a pooler, a head, a
  /// name prefix); values come from the config.
  GraphSpec (*build)(const nlohmann::json& config, const Weights& weights);
  /// Stored names that may be left unread: regular expressions.
  std::vector<std::string> harmless;
};

std::span<const Family> families();
/// Throws Error that lists the known types.
const Family& find_family(std::string_view model_type);

}  // namespace locus
