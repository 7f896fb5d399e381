// The mechanism of additive biases by head and distance: s[h, i, j] += b(h, j - i).
#pragma once

#include <functional>
#include <span>
#include <utility>

#include "engine/position.hpp"

namespace locus::positions {

/// Biases of a head at distances key - query, at most `max_distances` of them at a time.
using BiasFunction =
    std::function<void(int64_t head, std::span<const double> distances, std::span<float> biases)>;
inline constexpr size_t max_distances = 64;

/// A function `float(head, distance)` as such a one.
template <typename F>
BiasFunction each_distance(F bias) {
  return [bias = std::move(bias)](int64_t head, std::span<const double> distances,
                                  std::span<float> biases) {
    for (size_t at = 0; at < distances.size(); ++at) biases[at] = bias(head, distances[at]);
  };
}

/// What a bias is made of.
struct ScoreBiasParts {
  BiasFunction bias;
  int64_t heads = 0;
  int64_t capacity = 0;  ///< positions that sequences may have
};

class ScoreBias : public PositionalEncoding {
 public:
  explicit ScoreBias(ScoreBiasParts parts);

  void score(View s, ConstView q, ConstView k, const Block& block) const override;

 private:
  void add_run(std::span<float> row, int64_t head, int64_t first_distance) const;
  template <typename DistanceOf>
  void add_each(std::span<float> row, int64_t head, DistanceOf distance_of) const;

  ScoreBiasParts parts_;
  Tensor table_;  // [H, 2 reach + 1], column = distance + reach
  int64_t reach_;
};

}  // namespace locus::positions
