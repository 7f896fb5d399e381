// Random numbers that are the same on every machine, unlike those of the standard distributions.

#pragma once

#include <cstdint>
#include <random>

namespace locus {

/// A generator of its own for each seed. Not for several threads at a time.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  /// Uniform below `bound` (Lemire 2019: the high half of a product; its bias is below 2^-40 for
  /// bounds under 2^24).
  int64_t below(int64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<int64_t>((static_cast<Wide>(engine_()) * static_cast<uint64_t>(bound)) >>
                                64);
  }
  /// 64 uniform bits.
  uint64_t bits() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace locus
