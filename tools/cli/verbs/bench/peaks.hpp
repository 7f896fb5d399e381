// What this machine can do at most, measured.
#pragma once

#include "engine/options.hpp"

namespace locus::cli {

/// Of the threads together, a second.
struct Peaks {
  double operations = 0;  ///< of a large product in a precision
  double bytes = 0;       ///< of f32 weights that lie in memory and meet one row
};

/// Takes about a second.
Peaks measured_peaks(Precision precision, int threads);

}  // namespace locus::cli
