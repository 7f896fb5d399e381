// How rotary frequencies are changed for longer contexts.
#pragma once

#include "engine/positions/mechanisms/rotation.hpp"
#include "engine/positions/mechanisms/settings.hpp"

namespace locus::positions {

/// The kinds of scaling, as transformers' modeling_rope_utils names them (`ntk` is the fixed form
/// of `dynamic`).
enum class RopeScaling { none, linear, ntk, dynamic, yarn, llama3, longrope };

/// Everything that rotary frequencies depend on.
struct RopeFrequencies {
  int64_t rotary = 0;  ///< rotated values of a head, even
  double base = 10000;
  RopeScaling scaling = RopeScaling::none;
  double factor = 1;                 ///< s: how many times longer
  int64_t original = 0;              ///< the context that the model was trained with
  double beta_fast = 32;             ///< yarn: turns within `original` from which pairs are kept
  double beta_slow = 1;              ///< yarn: turns below which pairs are interpolated
  double attention_factor = 0;       ///< yarn: 0 for 0.1 ln s + 1; longrope: 0 for
                                     ///< sqrt(1 + ln s / ln original)
  bool truncate = true;              ///< yarn: whether the ramp begins and ends at whole pairs
  double low_freq_factor = 1;        ///< llama3
  double high_freq_factor = 4;       ///< llama3
  std::vector<double> short_factor;  ///< longrope: of each pair's wavelength, up to `original`
  std::vector<double> long_factor;   ///< longrope: beyond

  /// The turns for sequences of `length` (which `dynamic` and `longrope` look at).
  Turns turns(int64_t length) const;
};

}  // namespace locus::positions
