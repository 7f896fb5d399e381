// The weights of a model as its files hold them.
#pragma once

#include "engine/weights.hpp"
#include "models/model.hpp"

namespace locus::cli {

Weights stored_weights(const Model& model);

}  // namespace locus::cli
