// Configs that a tiny model is refused with.
#pragma once

#include <doctest/doctest.h>

#include <vector>

#include "base/error.hpp"
#include "base/json/values.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {

struct Refusal {
  const char *model, *key;
  nlohmann::json value;
  const char* message;  ///< a part of it
};

inline void check_refusals(const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) {
    CAPTURE(refusal.key);
    TinyFolder folder = tiny(refusal.model);
    folder.config[refusal.key] = refusal.value;
    CHECK_THROWS_WITH_AS(folder.build(), doctest::Contains(refusal.message), Error);
  }
}

}  // namespace locus::tests
