#include "engine/positions/mechanisms/added_rows.hpp"

#include <cmath>

namespace locus::positions {

const float* AddedRows::row_of(double position, std::span<float> spare) const {
  const Shape& shape = parts_.table.shape();
  const double row = position + static_cast<double>(parts_.offset);
  if (row >= 0 && row < static_cast<double>(shape[0]) && row == std::floor(row)) {
    return parts_.table.data() + static_cast<int64_t>(row) * shape[1];
  }
  parts_.beyond(position, spare);
  return spare.data();
}

void AddedRows::embed(View x, const Block& block) const {  // x [T, D]
  assert(x.size(1) == parts_.table.shape()[1] && x.size(0) == block.queries.count);
  const Scratch::Frame frame(block.scratch);
  const auto spare = block.scratch.values(x.size(1));
  const float scale = parts_.token_scale;
  for (int64_t row = 0; row < x.size(0); ++row) {
    const float* added = row_of(block.queries.at(row), spare);  // [D]
    const auto token = x.row(row);
    for (size_t i = 0; i < token.size(); ++i) token[i] = scale * token[i] + added[i];
  }
}

}  // namespace locus::positions
