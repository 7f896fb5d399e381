// Three figures that say what kind of distance an encoding makes of positions.
#pragma once

#include <optional>
#include <string>

#include "engine/position_probe.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli {

/// How far proximity has the properties that Wang et al. 2021 (On Position Embeddings in BERT,
/// section 2) name; each is 1 where the property holds everywhere. Proximity is that of vectors of
/// ones at two positions (see `proximity`), and future keys count, whether a model sees them or
/// not.
struct PositionIndicators {
  double translation_invariance = 0;  ///< share of its variance that the distance explains
  double monotonicity = 0;  ///< share of pairs of keys on one side of a query of which the farther
                            ///< one is less near; equal ones count for a half
  double symmetry = 0;      ///< share of its variance that is not antisymmetric
};

/// Of at most the first 128 positions; none where all positions are equally near, to float32's
/// rounding.
std::optional<PositionIndicators> indicators_of(const PositionalEncoding& encoding, Probe probe);

Json to_json(const std::optional<PositionIndicators>& indicators);
/// One line without its end; empty for none.
std::string to_text(const std::optional<PositionIndicators>& indicators);

}  // namespace locus::cli
