#pragma once

#include "tokenizer/models/byte_pair.hpp"
#include "tokenizer/models/merge_table.hpp"

namespace locus::tokenization {

/// The token that a merge makes is its two halves, the second without `prefix`, which continues a
/// word. Throws `Error` when a merge names a token that the vocabulary lacks.
MergeTable merge_table(const Vocabulary& vocabulary, const MergeList& merges,
                       std::string_view prefix = {});

}  // namespace locus::tokenization
