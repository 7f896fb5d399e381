// Plain loops, the oracle of the fast operations: read them as definitions.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/ops/ops.hpp"

namespace locus::reference {
namespace {

double activated(double x, Activation activation) {
  switch (activation) {
    case Activation::identity:
      return x;
    case Activation::relu:
      return std::max(x, 0.0);
    case Activation::gelu_erf:
      return 0.5 * x * std::erfc(-x * M_SQRT1_2);
    case Activation::gelu_tanh:
      return 0.5 * x * (1 + std::tanh(M_2_SQRTPI * M_SQRT1_2 * (x + 0.044715 * x * x * x)));
    case Activation::silu:
      return x / (1 + std::exp(-x));
    case Activation::tanh:
      return std::tanh(x);
    case Activation::sigmoid:
      return 1 / (1 + std::exp(-x));
    case Activation::quick_gelu:
      return x / (1 + std::exp(-1.702 * x));
    case Activation::gelu_10:
      return std::clamp(0.5 * x * std::erfc(-x * M_SQRT1_2), -10.0, 10.0);
    case Activation::relu_squared:
      return std::max(x, 0.0) * std::max(x, 0.0);
    case Activation::relu6:
      return std::clamp(x, 0.0, 6.0);
    case Activation::leaky_relu:
      return x < 0 ? 0.01 * x : x;
    case Activation::mish:
      return x * std::tanh(std::log1p(std::exp(x)));
    case Activation::laplace:
      return 0.5 * std::erfc((0.707107 - x) / (0.282095 * M_SQRT2));
  }
  return x;
}

double gain_of(const ops::NormWeights& weights, int64_t i) {
  return weights.gain.empty() ? 1 : weights.gain[i];
}

double bias_of(const ops::NormWeights& weights, int64_t i) {
  return weights.bias.empty() ? 0 : weights.bias[i];
}

void norm_row(std::span<const float> x, std::span<float> y, const ops::NormWeights& weights) {
  const auto width = static_cast<int64_t>(x.size());
  double mean = 0;
  if (weights.kind == ops::NormKind::layer) {
    for (float value : x) mean += value;
    mean /= static_cast<double>(width);
  }
  double variance = 0;
  for (float value : x) variance += (value - mean) * (value - mean);
  variance /= static_cast<double>(width);
  const double factor = 1 / std::sqrt(variance + weights.epsilon);
  for (int64_t i = 0; i < width; ++i) {
    y[i] = static_cast<float>((x[i] - mean) * factor * gain_of(weights, i) + bias_of(weights, i));
  }
}

// Weights kept as they are given.
class Linear final : public ops::PackedLinear {
 public:
  explicit Linear(const ops::LinearWeights& weights)
      : inputs_(weights.weight.inputs()),
        outputs_(weights.weight.outputs()),
        bias_(weights.bias.begin(), weights.bias.end()),
        activation_(weights.activation) {
    Tensor room;
    for (int64_t n = 0; n < outputs_; ++n) {
      const ConstView row = weights.weight.read(n, n + 1, room);
      weight_.insert(weight_.end(), row.data, row.data + inputs_);
    }
  }

  int64_t inputs() const override { return inputs_; }
  int64_t outputs() const override { return outputs_; }
  int64_t bytes() const override {
    return static_cast<int64_t>((weight_.size() + bias_.size()) * sizeof(float));
  }
  Precision precision() const override { return Precision::f32; }

  void apply(ConstView x, View y, Team& team) const override {
    team.parallel(x.size(0), [&](int64_t m, int) {
      for (int64_t n = 0; n < outputs_; ++n) {
        double sum = bias_.empty() ? 0 : bias_[n];
        for (int64_t k = 0; k < inputs_; ++k) {
          sum += static_cast<double>(x(m, k)) * weight_[n * inputs_ + k];
        }
        y(m, n) = static_cast<float>(activated(sum, activation_));
      }
    });
  }

 private:
  int64_t inputs_;
  int64_t outputs_;
  std::vector<float> weight_;  // [N, K]
  std::vector<float> bias_;    // [N]
  Activation activation_;
};

void clear(View c) {
  for (int64_t m = 0; m < c.size(0); ++m) std::ranges::fill(c.row(m), 0.0f);
}

}  // namespace

void norm(ConstView x, View y, const ops::NormWeights& weights) {
  for (int64_t m = 0; m < x.size(0); ++m) norm_row(x.row(m), y.row(m), weights);
}

void add_norm(ConstView a, ConstView b, View sum, View y, const ops::NormWeights& weights) {
  add(a, b, sum);
  reference::norm(sum, y, weights);
}

void add(ConstView a, ConstView b, View y) {
  for (int64_t m = 0; m < a.size(0); ++m) {
    for (int64_t i = 0; i < a.size(1); ++i) y(m, i) = a(m, i) + b(m, i);
  }
}

namespace {

// Calls `visit(i, j, row)` for every value of a matrix and the table's row of its distance.
template <typename Visit>
void for_distances(ConstView s, std::span<const ops::DistanceRun> runs, const Visit& visit) {
  for (int64_t i = 0; i < s.size(0); ++i) {
    for (int64_t j = 0; j < s.size(1); ++j) {
      const int64_t distance = s.size(0) - 1 - i + j;
      const auto run = std::ranges::find_if(
          runs, [&](const auto& one) { return one.begin <= distance && distance < one.end; });
      if (run != runs.end()) visit(i, j, run->row + run->step * (distance - run->begin));
    }
  }
}

}  // namespace

void add_by_distance(ConstView terms, std::span<const ops::DistanceRun> runs, View s) {
  for_distances(s, runs, [&](int64_t i, int64_t j, int64_t row) { s(i, j) += terms(i, row); });
}

void sum_by_distance(ConstView x, std::span<const ops::DistanceRun> runs, View sums) {
  clear(sums);
  for_distances(x, runs, [&](int64_t i, int64_t j, int64_t row) { sums(i, row) += x(i, j); });
}

void scale(View x, float factor) {
  for (int64_t m = 0; m < x.size(0); ++m) {
    for (float& value : x.row(m)) value *= factor;
  }
}

void soft_cap(View x, float cap) {
  for (int64_t m = 0; m < x.size(0); ++m) {
    for (float& value : x.row(m)) {
      value = static_cast<float>(cap * std::tanh(static_cast<double>(value) / cap));
    }
  }
}

void activate(View x, Activation activation) {
  for (int64_t m = 0; m < x.size(0); ++m) {
    for (float& value : x.row(m)) value = static_cast<float>(activated(value, activation));
  }
}

void activate_multiply(View gate, ConstView up, Activation activation) {
  for (int64_t m = 0; m < gate.size(0); ++m) {
    for (int64_t i = 0; i < gate.size(1); ++i) {
      gate(m, i) = static_cast<float>(activated(gate(m, i), activation) * up(m, i));
    }
  }
}

void softmax(std::span<float> s, Range visible) {
  const auto seen = s.subspan(visible.begin, visible.end - visible.begin);
  float largest = -std::numeric_limits<float>::infinity();
  for (float value : seen) largest = std::max(largest, value);
  const bool nothing = std::isinf(largest) && largest < 0;
  double sum = 0;
  for (float value : seen) sum += nothing ? 0 : std::exp(static_cast<double>(value) - largest);
  for (float& value : seen) {
    value = nothing ? 0 : static_cast<float>(std::exp(static_cast<double>(value) - largest) / sum);
  }
  std::fill(s.begin(), s.begin() + visible.begin, 0.0f);
  std::fill(s.begin() + visible.end, s.end(), 0.0f);
}

void add_multiply_transposed(ConstView a, ConstView b, View c) {
  for (int64_t m = 0; m < a.size(0); ++m) {
    for (int64_t n = 0; n < b.size(0); ++n) {
      double sum = c(m, n);
      for (int64_t k = 0; k < a.size(1); ++k) sum += static_cast<double>(a(m, k)) * b(n, k);
      c(m, n) = static_cast<float>(sum);
    }
  }
}

void add_multiply(ConstView a, ConstView b, View c) {
  for (int64_t m = 0; m < a.size(0); ++m) {
    for (int64_t n = 0; n < b.size(1); ++n) {
      double sum = c(m, n);
      for (int64_t k = 0; k < a.size(1); ++k) sum += static_cast<double>(a(m, k)) * b(k, n);
      c(m, n) = static_cast<float>(sum);
    }
  }
}

void multiply_transposed(ConstView a, ConstView b, View c) {
  clear(c);
  add_multiply_transposed(a, b, c);
}

void multiply(ConstView a, ConstView b, View c) {
  clear(c);
  add_multiply(a, b, c);
}

double log_sum_exp(std::span<const float> x) {
  double largest = -std::numeric_limits<double>::infinity();
  for (float value : x) largest = std::max(largest, static_cast<double>(value));
  if (std::isinf(largest)) return largest;
  double sum = 0;
  for (float value : x) sum += std::exp(value - largest);
  return largest + std::log(sum);
}

std::unique_ptr<ops::PackedLinear> pack_linear(const ops::LinearWeights& weights) {
  return std::make_unique<Linear>(weights);
}

}  // namespace locus::reference
