// Frequencies that a file holds beside the formula which they come from.
#pragma once

#include <string>

#include "models/families/parts/graph_builder.hpp"

namespace locus::families {

/// `base`^(-2k / `size`), k < `size` / 2: what stored frequencies are made by.
struct FrequencyFormula {
  double base = 10000;
  int64_t size = 0;
};

/// The reference computes with the frequencies that a file holds: the slot `frequencies` where
/// those stored as `name` were rounded to 16 bits, none where they are the formula's. Throws Error
/// for any others.
WeightSlots rounded_frequencies(const Weights& weights, const std::string& name,
                                const FrequencyFormula& formula);

}  // namespace locus::families
