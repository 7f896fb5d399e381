// Weights of encodings that no checkpoint supplies.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "scheme.hpp"

namespace locus {

/// Makes the tables that schemes ask for, each in its initial state, the same for the same seed and
/// name on every machine.
class NewTables {
 public:
  /// `check` is called every few thousand values; it throws to give up.
  explicit NewTables(uint64_t seed, std::function<void()> check = {});

  /// A scheme's text of twenty bytes must not ask for all memory: throws Error for more than 2^28
  /// values (1 GiB), in this table alone or with all that were made before.
  Tensor make(const std::string& name, const Shape& shape, Initial initial);

  int64_t values() const { return values_; }  ///< of all tables so far

 private:
  void fill(Tensor& table, const std::string& name, float deviation) const;

  uint64_t seed_;
  std::function<void()> check_;
  int64_t values_ = 0;
};

}  // namespace locus
