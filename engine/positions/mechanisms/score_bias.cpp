#include "engine/positions/mechanisms/score_bias.hpp"

#include <algorithm>
#include <array>

#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {

ScoreBias::ScoreBias(ScoreBiasParts parts)
    : parts_(std::move(parts)), reach_(std::max<int64_t>(0, tabulated(parts_.capacity) - 1)) {
  table_ = new_table({parts_.heads, 2 * reach_ + 1});
  for (int64_t head = 0; head < parts_.heads; ++head) {
    add_each(table_.view().row(head), head, [this](size_t column) {
      return static_cast<double>(static_cast<int64_t>(column) - reach_);
    });
  }
}

// Adds biases that no table holds. `distance_of` an element of the row.
template <typename DistanceOf>
void ScoreBias::add_each(std::span<float> row, int64_t head, DistanceOf distance_of) const {
  std::array<double, max_distances> distances;
  std::array<float, max_distances> biases;
  for (size_t begin = 0; begin < row.size(); begin += max_distances) {
    const size_t count = std::min(max_distances, row.size() - begin);
    for (size_t at = 0; at < count; ++at) distances[at] = distance_of(begin + at);
    parts_.bias(head, std::span(distances).first(count), std::span(biases).first(count));
    for (size_t at = 0; at < count; ++at) row[begin + at] += biases[at];
  }
}

// Adds the biases of consecutive distances: one pass over neighbours in memory.
void ScoreBias::add_run(std::span<float> row, int64_t head, int64_t first_distance) const {
  const auto count = static_cast<int64_t>(row.size());
  const int64_t begin = std::clamp<int64_t>(-reach_ - first_distance, 0, count);
  const int64_t end = std::clamp<int64_t>(reach_ + 1 - first_distance, begin, count);
  const auto add_far = [&](int64_t from, int64_t to) {
    add_each(row.subspan(from, to - from), head, [&](size_t at) {
      return static_cast<double>(first_distance + from + static_cast<int64_t>(at));
    });
  };
  add_far(0, begin);
  const float* bias = table_.data() + head * (2 * reach_ + 1) + first_distance + reach_;
  for (int64_t j = begin; j < end; ++j) row[j] += bias[j];
  add_far(end, count);
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
      add_each(row, head, [&](size_t j) { return distance(block, i, static_cast<int64_t>(j)); });
    }
  }
}

}  // namespace locus::positions
