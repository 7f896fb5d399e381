// Expected values of other projects' tests, kept outside the repository.
#pragma once

#include <fstream>
#include <optional>
#include <string>

#include "base/json/values.hpp"
#include "tests/support/paths.hpp"

namespace locus::tests {

/// One entry of the file; nothing, and a printed line, where the file is absent.
inline std::optional<nlohmann::json> peer_vectors(const std::string& entry) {
  const auto path = shared_path("data/peer_vectors.json");
  if (!path) return std::nullopt;
  return nlohmann::json::parse(std::ifstream(*path)).at(entry);
}

}  // namespace locus::tests
