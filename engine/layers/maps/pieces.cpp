#include "engine/layers/maps/pieces.hpp"

#include <algorithm>

namespace locus::layers {

void Pieces::run(std::span<const ConstView> inputs, std::span<const View> outputs, Run& run) const {
  for_rows(run, run.rows.count(), width(), [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      const std::span<float> to = outputs[0].row(row);
      for (int64_t piece = 0; piece < count_; ++piece) {
        const int64_t from = run.rows.pieces[row * count_ + piece];
        const std::span<float> part = to.subspan(piece * input_width_, input_width_);
        if (from == session::Rows::nowhere) {
          std::ranges::fill(part, 0.0f);
        } else {
          std::ranges::copy(inputs[0].row(from), part.begin());
        }
      }
    }
  });
}

}  // namespace locus::layers
