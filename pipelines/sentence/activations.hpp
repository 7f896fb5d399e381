// The activations of sentence-transformers' modules, by the names of PyTorch's classes.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "engine/weights.hpp"

namespace locus::pipelines {

/// Changes a vector in place.
using Activation = std::function<void(std::span<float>)>;

/// The module `torch.nn.modules.activation.Tanh` as it is made without arguments. `weights` holds
/// the slopes of a PReLU as `activation_function.weight`. Throws Error, with `who` in front, for a
/// class that is not PyTorch's or takes arguments.
Activation activation_of(const std::string& who, const std::string& class_name,
                         const Weights& weights);

}  // namespace locus::pipelines
