// What the tests of operations share.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <thread>
#include <vector>

#include "engine/ops/ops.hpp"

namespace locus::tests {

inline constexpr std::array all_activations{
    Activation::identity, Activation::relu,         Activation::gelu_erf, Activation::gelu_tanh,
    Activation::silu,     Activation::tanh,         Activation::sigmoid,  Activation::quick_gelu,
    Activation::gelu_10,  Activation::relu_squared, Activation::relu6,    Activation::leaky_relu,
    Activation::mish,     Activation::laplace};

// A matrix inside a wider one, so that rows are `gap` values apart from each other; what lies
// between them must stay as it is.
class Padded {
 public:
  Padded(int64_t rows, int64_t columns, int64_t gap)
      : rows_(rows),
        columns_(columns),
        stride_(columns + gap),
        values_((rows - 1) * stride_ + columns, untouched) {}

  static Padded random(int64_t rows, int64_t columns, int64_t gap, unsigned seed = 1) {
    Padded matrix(rows, columns, gap);
    std::mt19937 generator(seed);
    std::normal_distribution<float> normal;
    for (int64_t i = 0; i < rows; ++i) {
      for (float& value : matrix.view().row(i)) value = normal(generator);
    }
    return matrix;
  }

  View view() { return View(values_.data(), {rows_, columns_}, {stride_, 1}); }
  ConstView view() const { return ConstView(values_.data(), {rows_, columns_}, {stride_, 1}); }
  ConstView constant() const { return view(); }

  bool gaps_untouched() const {
    for (int64_t i = 0; i + 1 < rows_; ++i) {
      const float* gap = values_.data() + i * stride_ + columns_;
      if (std::any_of(gap, gap + stride_ - columns_, [](float v) { return v != untouched; })) {
        return false;
      }
    }
    return true;
  }

 private:
  static constexpr float untouched = 12345.0f;
  int64_t rows_;
  int64_t columns_;
  int64_t stride_;
  std::vector<float> values_;  // ends with the last row: sanitizers see reads beyond it
};

// The largest difference, relative to the largest value of `expected` and to the size of the
// inputs, which is about 1: a single sum may cancel to next to nothing.
inline double relative_error(ConstView found, ConstView expected) {
  double difference = 0;
  double largest = 1;
  for (int64_t i = 0; i < expected.size(0); ++i) {
    for (int64_t j = 0; j < expected.size(1); ++j) {
      const double gap = std::abs(static_cast<double>(found(i, j)) - expected(i, j));
      difference = std::isnan(gap) ? INFINITY : std::max(difference, gap);
      largest = std::max(largest, std::abs(static_cast<double>(expected(i, j))));
    }
  }
  return difference / largest;
}

inline bool same_bits(ConstView a, ConstView b) {
  for (int64_t i = 0; i < a.size(0); ++i) {
    if (!std::equal(a.row(i).begin(), a.row(i).end(), b.row(i).begin())) return false;
  }
  return true;
}

/// Two threads use a map at a time, each with a team of its own.
inline void check_shared(const ops::PackedLinear& linear, const Padded& x, const Padded& expected) {
  const ConstView y = expected.view();
  std::array<bool, 2> agree{true, true};
  const auto work = [&](int index) {
    Team team(2);
    for (int round = 0; round < 50; ++round) {
      Padded found(y.size(0), y.size(1), 0);
      linear.apply(x.view(), found.view(), team);
      agree[index] = agree[index] && same_bits(found.constant(), y);
    }
  };
  std::thread first(work, 0);
  std::thread second(work, 1);
  first.join();
  second.join();
  CHECK(agree[0]);
  CHECK(agree[1]);
}

}  // namespace locus::tests
