#include "pipelines/sentence/activations.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include "base/error.hpp"

namespace locus::pipelines {
namespace {

using Function = double (*)(double);

double identity(double x) { return x; }
double relu(double x) { return std::max(x, 0.0); }
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double gelu(double x) { return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2)); }
double silu(double x) { return x * sigmoid(x); }
double softplus(double x) { return x > 20 ? x : std::log1p(std::exp(x)); }
double mish(double x) { return x * std::tanh(softplus(x)); }
double leaky_relu(double x) { return x < 0 ? 0.01 * x : x; }
// At inference its slope is the middle of [1/8, 1/3].
double rrelu(double x) { return x < 0 ? 11.0 / 48 * x : x; }
double elu(double x) { return x < 0 ? std::expm1(x) : x; }
// Klambauer et al. 2017
double selu(double x) {
  constexpr double alpha = 1.6732632423543772848170429916717;
  constexpr double scale = 1.0507009873554804934193349852946;
  return scale * (x < 0 ? alpha * std::expm1(x) : x);
}
double softsign(double x) { return x / (1 + std::abs(x)); }
double hardtanh(double x) { return std::clamp(x, -1.0, 1.0); }
double relu6(double x) { return std::clamp(x, 0.0, 6.0); }
double hardsigmoid(double x) { return relu6(x + 3) / 6; }
double hardswish(double x) { return x * hardsigmoid(x); }
double log_sigmoid(double x) { return -softplus(-x); }
double hyperbolic_tangent(double x) { return std::tanh(x); }
double tanhshrink(double x) { return x - std::tanh(x); }
double softshrink(double x) { return x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0; }
double hardshrink(double x) { return std::abs(x) > 0.5 ? x : 0; }

struct Named {
  std::string_view name;
  Function function;
};

constexpr std::array by_value{
    Named{"Identity", identity},
    Named{"ReLU", relu},
    Named{"Sigmoid", sigmoid},
    Named{"GELU", gelu},
    Named{"SiLU", silu},
    Named{"Softplus", softplus},
    Named{"Mish", mish},
    Named{"LeakyReLU", leaky_relu},
    Named{"RReLU", rrelu},
    Named{"ELU", elu},
    Named{"CELU", elu},
    Named{"SELU", selu},
    Named{"Softsign", softsign},
    Named{"Hardtanh", hardtanh},
    Named{"ReLU6", relu6},
    Named{"Hardsigmoid", hardsigmoid},
    Named{"Hardswish", hardswish},
    Named{"LogSigmoid", log_sigmoid},
    Named{"Tanh", hyperbolic_tangent},
    Named{"Tanhshrink", tanhshrink},
    Named{"Softshrink", softshrink},
    Named{"Hardshrink", hardshrink},
};

double log_of_sum(std::span<const float> values, double sign) {
  double largest = -INFINITY, sum = 0;
  for (const float value : values) largest = std::max(largest, sign * value);
  for (const float value : values) sum += std::exp(sign * value - largest);
  return largest + std::log(sum);
}

void softmax(std::span<float> values, double sign, bool logarithm) {
  const double total = log_of_sum(values, sign);
  for (float& value : values) {
    const double log_share = sign * value - total;
    value = static_cast<float>(logarithm ? log_share : std::exp(log_share));
  }
}

Activation prelu(const Weights& weights) {
  const Tensor stored = weights.f32("activation_function.weight");
  const std::vector<float> slopes(stored.values().begin(), stored.values().end());
  return [slopes](std::span<float> values) {
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i] < 0) values[i] *= slopes[slopes.size() == 1 ? 0 : i];
    }
  };
}

/// `Tanh` of `torch.nn.modules.activation.Tanh`; empty for a class of anybody else.
std::string_view pytorch_name(std::string_view class_name) {
  for (const std::string_view module :
       {"torch.nn.modules.activation.", "torch.nn.modules.linear.", "torch.nn."}) {
    if (class_name.starts_with(module)) return class_name.substr(module.size());
  }
  return {};
}

}  // namespace

Activation activation_of(const std::string& who, const std::string& class_name,
                         const Weights& weights) {
  const std::string_view name = pytorch_name(class_name);
  for (const auto& [known, function] : by_value) {
    if (known != name) continue;
    return [function = function](std::span<float> values) {
      for (float& value : values) value = static_cast<float>(function(value));
    };
  }
  if (name == "Softmax") return [](std::span<float> values) { softmax(values, 1, false); };
  if (name == "Softmin") return [](std::span<float> values) { softmax(values, -1, false); };
  if (name == "LogSoftmax") return [](std::span<float> values) { softmax(values, 1, true); };
  if (name == "PReLU") return prelu(weights);
  throw Error(who, "an activation of torch.nn that takes no arguments", "'" + class_name + "'");
}

}  // namespace locus::pipelines
