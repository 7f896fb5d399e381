// The weights of a model as its files hold them.
#pragma once

#include <string>
#include <vector>

#include "../engine/weights.hpp"
#include "model.hpp"

namespace locus {

/// By the names that the model's graph refers to.
Weights stored_weights(const Model& model);

/// The text of its config; of an original one with the `model_type` that it leaves out. Throws
/// Error for a model without one.
std::string config_text(const Model& model);

/// Whether it comes from a config and the weights of a checkpoint; if not, from a locus.json.
bool has_checkpoint(const Model& model);

/// Names of the tensors that are of a floating-point type; others are tables that classes compute.
std::vector<std::string> floating_names(const Weights& weights);

}  // namespace locus
