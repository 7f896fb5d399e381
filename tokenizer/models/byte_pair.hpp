// Byte-pair encoding (Sennrich et al. 2016), over bytes or over characters.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tokenizer/models/model.hpp"
#include "tokenizer/models/vocabulary.hpp"

namespace locus::tokenization {

using MergeList = std::vector<std::pair<std::string, std::string>>;  // earliest first

struct BytePairOptions {
  std::optional<std::string> unknown;  // without one, unknown symbols are dropped
  bool fuse_unknown = false;           // neighbouring unknown symbols are one token
  bool byte_fallback = false;          // unknown characters become tokens such as <0xE4>
  bool ignore_merges = false;          // a word that is a token is that token
  std::string prefix;                  // of a character that continues a word
  std::string suffix;                  // of a character that ends a word
};

/// Throws `Error` when a merge names a token that the vocabulary lacks.
ModelPointer character_pair_model(const VocabularyPointer& vocabulary, const MergeList& merges,
                                  const BytePairOptions& options, Watch& watch);

/// GPT-2's: the vocabulary spells bytes as printable characters.
ModelPointer byte_pair_model(const VocabularyPointer& vocabulary, const MergeList& merges,
                             const BytePairOptions& options, Watch& watch);

}  // namespace locus::tokenization
