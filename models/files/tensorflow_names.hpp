// What the original BERT, NEZHA and RoFormer call their variables.
#pragma once

#include <string>

#include "engine/weights.hpp"
#include "models/files/config.hpp"

namespace locus::files {

/// A config of the original form (`bert_config.json`) with the `model_type` that it does not say:
/// NEZHA's has `use_relative_position`, and RoFormer has no table of positions. RoFormer v2, which
/// has no norms to store either, is told so.
Config complete_original_config(const Config& config, const Weights& weights);

/// The variables of a checkpoint under transformers' names for the config's model type,
/// `bert/encoder/layer_0/output/dense/kernel` as `bert.encoder.layer.0.output.dense.weight`.
/// Kernels are [in, out] there: they are seen transposed, not copied. What an optimiser leaves in a
/// checkpoint is left out. Throws Error for a model type that has no such checkpoints.
Weights name_tensorflow_variables(const Config& config, const Weights& stored);

}  // namespace locus::files
