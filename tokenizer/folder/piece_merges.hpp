#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/watch.hpp"
#include "tokenizer/json/json.hpp"

namespace locus::tokenization {

/// The merges that make each piece of a SentencePiece BPE vocabulary from two others, by descending
/// score, as the reference derives them (`generate_merges`): a list of lists of two. `pieces` are
/// (text, score) by id.
Json merges_of_pieces(const std::vector<std::pair<std::string, double>>& pieces, Watch& watch);

}  // namespace locus::tokenization
