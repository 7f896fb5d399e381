// The experiments, one file each. A figure's label is its number among the words of the claim.
#pragma once

#include "tools/claims/claim.hpp"

namespace locus::cli::claims {

Findings measure_order(Bench& bench);
Findings measure_range(Bench& bench);
Findings measure_untrained_rows(Bench& bench);
Findings measure_text_lengths(Bench& bench);
Findings measure_extension(Bench& bench);
Findings measure_resolution(Bench& bench);
Findings measure_relative_position(Bench& bench);
Findings measure_frequencies(Bench& bench);
Findings measure_index_steps(Bench& bench);
Findings measure_scales(Bench& bench);
Findings measure_rotation(Bench& bench);
Findings measure_doubled_exponent(Bench& bench);

}  // namespace locus::cli::claims
