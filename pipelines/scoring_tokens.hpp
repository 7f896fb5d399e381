// The special tokens by which a model's texts are scored.
#pragma once

#include "../evaluation/score_task.hpp"
#include "../models/model.hpp"
#include "../tokenizer/tokenizer.hpp"

namespace locus {

/// By the model's config, and by the tokenizer's files where there is one (else null). Throws Error
/// for a masked model whose tokenizer has no mask token.
ScoringTokens scoring_tokens(const Model& model, const Tokenizer* tokenizer);

}  // namespace locus
