// The merges of byte-pair encoding: read, and applied to the symbols of a word.
#pragma once

#include <vector>

#include "tokenizer/models/byte_pair.hpp"
#include "tokenizer/models/merge_table.hpp"
#include "tokenizer/models/word_cutter.hpp"

namespace locus::tokenization {

/// The token that a merge makes is its two halves, the second without `prefix`, which continues a
/// word. Throws `Error` when a merge names a token that the vocabulary lacks.
MergeTable merge_table(const Vocabulary& vocabulary, const MergeList& merges, Watch& watch,
                       std::string_view prefix = {});

/// Merges neighbours in `symbols`, from `first` on, until no merge applies: always the merge of the
/// lowest rank, the leftmost of equals.
void merge_symbols(const MergeTable& merges, std::size_t first, std::vector<Symbol>& symbols,
                   Watch& watch);

}  // namespace locus::tokenization
