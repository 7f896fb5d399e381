#pragma once

#include <vector>

#include "tokenizer/models/merge_table.hpp"
#include "tokenizer/models/word_cutter.hpp"

namespace locus::tokenization {

/// Merges neighbours in `symbols`, from `first` on, until no merge applies: always the merge of the
/// lowest rank, the leftmost of equals.
void merge_symbols(const MergeTable& merges, std::size_t first, std::vector<Symbol>& symbols);

}  // namespace locus::tokenization
