// The mechanism of additive biases by head and distance: s[h, i, j] += b(h, j - i).
#pragma once

#include <functional>

#include "engine/position.hpp"

namespace locus::positions {

/// The bias of a head at a distance key - query.
using BiasFunction = std::function<float(int64_t head, double distance)>;

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

  ScoreBiasParts parts_;
  Tensor table_;  // [H, 2 reach + 1], column = distance + reach
  int64_t reach_;
};

}  // namespace locus::positions
