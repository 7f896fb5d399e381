#pragma once

#include <utility>
#include <vector>

#include "tokenizer/models/byte_pair.hpp"

namespace locus::tokenization {

/// The merges that make each piece of a SentencePiece BPE vocabulary from two others, by descending
/// score, as the reference derives them (`generate_merges`). `pieces` are (text, score) by id.
MergeList merges_of_pieces(const std::vector<std::pair<std::string, double>>& pieces);

}  // namespace locus::tokenization
