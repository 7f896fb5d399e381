// The special tokens by which a model's texts are scored.
#pragma once

#include <cstdint>
#include <optional>

#include "../evaluation/score_task.hpp"
#include "../models/model.hpp"
#include "../tokenizer/tokenizer.hpp"

namespace locus {

/// What the windows of a causal model begin with.
struct BeginToken {
  bool given = false;              ///< false: as the model's files say
  std::optional<int32_t> id = {};  ///< where it is given; nothing: none
};

/// By the model's config, and by the tokenizer's files where there is one (else null). Throws Error
/// for a masked model whose tokenizer has no mask token, and for a causal one whose begin token is
/// not in its vocabulary.
ScoringTokens scoring_tokens(const Model& model, const Tokenizer* tokenizer,
                             const BeginToken& begin = {});

}  // namespace locus
