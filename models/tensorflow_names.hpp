// What the original BERT, NEZHA and RoFormer call their variables. Internal: not installed.
#pragma once

#include <string>

#include "engine/weights.hpp"
#include "models/config.hpp"

namespace locus {

/// The model type that a config of the original form (`bert_config.json`), which does not say it,
/// belongs to: NEZHA's has `use_relative_position`, and RoFormer has no table of positions.
std::string original_model_type(const Config& config, const Weights& weights);

/// The variables of a checkpoint under transformers' names for the config's model type,
/// `bert/encoder/layer_0/output/dense/kernel` as `bert.encoder.layer.0.output.dense.weight`.
/// Kernels are [in, out] there: they are seen transposed, not copied. What an optimiser leaves in a
/// checkpoint is left out. Throws Error for a model type that has no such checkpoints.
Weights name_tensorflow_variables(const Config& config, const Weights& stored);

}  // namespace locus
