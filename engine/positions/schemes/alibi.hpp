// ALiBi's slopes.
#pragma once

#include <cstdint>
#include <vector>

namespace locus::positions {

/// One slope for each head. A power of two: 2^(-max_bias i / heads), i = 1 ... heads; otherwise
/// those of the largest power of two below, then every other slope of its double. Press et al.
/// 2022, section 3 and their published code.
std::vector<double> alibi_slopes(int64_t heads, double max_bias);

}  // namespace locus::positions
