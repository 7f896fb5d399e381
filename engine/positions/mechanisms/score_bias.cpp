#include "engine/positions/mechanisms/score_bias.hpp"

#include <algorithm>

#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {

ScoreBias::ScoreBias(ScoreBiasParts parts)
    : parts_(std::move(parts)), reach_(std::max<int64_t>(0, tabulated(parts_.capacity) - 1)) {
  table_ = new_table({parts_.heads, 2 * reach_ + 1});
  const View view = table_.view();
  for (int64_t head = 0; head < parts_.heads; ++head) {
    for (int64_t distance = -reach_; distance <= reach_; ++distance) {
      view(head, distance + reach_) = parts_.bias(head, static_cast<double>(distance));
    }
  }
}

// Adds the biases of consecutive distances: one pass over neighbours in memory.
void ScoreBias::add_run(std::span<float> row, int64_t head, int64_t first_distance) const {
  const auto count = static_cast<int64_t>(row.size());
  const int64_t begin = std::clamp<int64_t>(-reach_ - first_distance, 0, count);
  const int64_t end = std::clamp<int64_t>(reach_ + 1 - first_distance, begin, count);
  for (int64_t j = 0; j < begin; ++j) {
    row[j] += parts_.bias(head, static_cast<double>(first_distance + j));
  }
  const float* bias = table_.data() + head * (2 * reach_ + 1) + first_distance + reach_;
  for (int64_t j = begin; j < end; ++j) row[j] += bias[j];
  for (int64_t j = end; j < count; ++j) {
    row[j] += parts_.bias(head, static_cast<double>(first_distance + j));
  }
}

void ScoreBias::score(View s, ConstView, ConstView, const Block& block) const {  // s [H, Tq, Tk]
  assert(block.first_head + s.size(0) <= parts_.heads);
  const auto first_query = run_start(block.queries);
  const auto first_key = run_start(block.keys);
  for (int64_t h = 0; h < s.size(0); ++h) {
    const int64_t head = block.first_head + h;
    for (int64_t i = 0; i < s.size(1); ++i) {
      const auto row = s[h].row(i);  // [Tk]
      if (first_query && first_key) {
        add_run(row, head, *first_key - *first_query - i);
        continue;
      }
      for (int64_t j = 0; j < s.size(2); ++j) row[j] += parts_.bias(head, distance(block, i, j));
    }
  }
}

}  // namespace locus::positions
