// The tensors that a pickled state dict speaks of.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/weights.hpp"
#include "engine/weights/formats/pickle.hpp"

namespace locus::weights {

/// Where values lie.
struct TorchStorage {
  std::string key;
  DataType type = DataType::f32;
  int64_t count = 0;  ///< of values
};

/// A tensor within its storage, which others may share.
struct TorchTensor {
  std::string name;
  TorchStorage storage;
  int64_t offset = 0;  ///< values before the first
  Shape shape;
  std::vector<int64_t> strides;
};

/// The globals that state dicts consist of.
std::span<const std::string_view> torch_globals();

/// Reads what the pickle of a state dict noted. Every tensor lies within the count that its storage
/// claims. Throws Error that names the tensor.
std::vector<TorchTensor> read_torch_state(const Pickle& pickle);

}  // namespace locus::weights
