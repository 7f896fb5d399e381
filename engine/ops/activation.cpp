#include <array>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "engine/ops/ops.hpp"

namespace locus {
namespace {

// The names of transformers' ACT2FN. `gelu_new`, `gelu_fast` and `gelu_pytorch_tanh` are one
// formula, Hendrycks and Gimpel 2016, section 2.
constexpr std::array<std::pair<std::string_view, Activation>, 20> activations{{
    {"linear", Activation::identity},
    {"identity", Activation::identity},
    {"relu", Activation::relu},
    {"gelu", Activation::gelu_erf},
    {"gelu_python", Activation::gelu_erf},
    {"gelu_new", Activation::gelu_tanh},
    {"gelu_fast", Activation::gelu_tanh},
    {"gelu_pytorch_tanh", Activation::gelu_tanh},
    {"gelu_accurate", Activation::gelu_tanh},
    {"silu", Activation::silu},
    {"swish", Activation::silu},
    {"tanh", Activation::tanh},
    {"sigmoid", Activation::sigmoid},
    {"quick_gelu", Activation::quick_gelu},
    {"gelu_10", Activation::gelu_10},
    {"relu2", Activation::relu_squared},
    {"relu6", Activation::relu6},
    {"leaky_relu", Activation::leaky_relu},
    {"mish", Activation::mish},
    {"laplace", Activation::laplace},
}};

std::string known_names() {
  std::string list;
  for (const auto& [name, activation] : activations)
    list += (list.empty() ? "" : ", ") + std::string(name);
  return list;
}

}  // namespace

Activation parse_activation(std::string_view who, std::string_view name) {
  for (const auto& [known, activation] : activations) {
    if (known == name) return activation;
  }
  throw Error(who, "an activation of " + known_names(), name);
}

}  // namespace locus
