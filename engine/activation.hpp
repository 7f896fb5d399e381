// The functions between linear maps.
#pragma once

#include <string_view>

namespace locus {

enum class Activation {
  identity,
  relu,
  gelu_erf,
  gelu_tanh,
  silu,
  tanh,
  sigmoid,
  quick_gelu,
  gelu_10,
  relu_squared,
  relu6,
  leaky_relu,
  mish,
  laplace
};
/// `relu`, `gelu`, `gelu_new`, `gelu_pytorch_tanh`, `silu`, `swish`, ... as Hugging Face names
/// them. Throws Error for an unknown name.
Activation parse_activation(std::string_view who, std::string_view name);

}  // namespace locus
