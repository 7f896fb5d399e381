// Jina-BERT v2, whose configs say `bert`.
#pragma once

#include "models/families/family.hpp"

namespace locus::families {

/// Whether a config of BERT asks for Jina's layers: their biases by distance.
bool is_jina_bert(const Config& config);
FamilyGraph build_jina_bert(const Config& config, const Weights& weights);

}  // namespace locus::families
