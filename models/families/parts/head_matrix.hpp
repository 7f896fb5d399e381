// Whether logits are made by the table of the words: one rule for all families.
#pragma once

#include <string>

#include "engine/weights.hpp"
#include "models/files/config.hpp"

namespace locus::families {

/// The two matrices that logits may come from, by stored names.
struct HeadMatrices {
  std::string own;    ///< of the head
  std::string table;  ///< of the words
  bool tied = true;   ///< the class default of `tie_word_embeddings`
};

/// Whether the config, or the class where the config lacks `tie_word_embeddings`, ties the head to
/// the table.
bool ties_words(const Config& config, bool fallback);

/// Whether the config says that transformers 5 wrote it, which changed what some keys mean.
bool saved_by_transformers_5(const Config& config);

/// The name of the matrix that makes logits. Throws Error where the file contradicts the config: a
/// head of its own is missing, or is stored beside a table that it is said to equal and differs.
std::string head_matrix(const Config& config, const Weights& weights, const HeadMatrices& names);

}  // namespace locus::families
