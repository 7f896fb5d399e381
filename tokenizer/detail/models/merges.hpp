#pragma once

#include "tokenizer/detail/models/byte_pair.hpp"
#include "tokenizer/detail/models/merge_table.hpp"

namespace locus::tokenization {

/// Throws `Error` when a merge names a token that the vocabulary lacks.
MergeTable merge_table(const Vocabulary& vocabulary, const MergeList& merges);

}  // namespace locus::tokenization
