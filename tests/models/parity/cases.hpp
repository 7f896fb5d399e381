// The tiny models that tools/golden makes with transformers 4.49.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "tests/models/parity/golden.hpp"

namespace locus::tests {

/// A tiny model and how many nodes are compared, so that none is left out unseen.
struct TinyCase {
  const char* name;
  size_t nodes;
};

extern const std::vector<TinyCase> tiny_cases;

inline std::filesystem::path folder_of(const std::string& name) {
  return golden_path("models/" + name);
}

}  // namespace locus::tests
