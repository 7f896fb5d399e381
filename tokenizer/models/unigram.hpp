#pragma once

#include <optional>
#include <vector>

#include "tokenizer/models/model.hpp"
#include "tokenizer/models/vocabulary.hpp"

namespace locus::tokenization {

struct UnigramOptions {
  std::vector<double> scores;  // log probabilities by id
  std::optional<int32_t> unknown;
  bool byte_fallback = false;  // unknown characters become tokens such as <0xE4>
};

/// The most probable cut (Kudo 2018). Neighbouring unknown characters are one token.
ModelPointer unigram_model(VocabularyPointer vocabulary, UnigramOptions options);

}  // namespace locus::tokenization
