// Whether a decoder sees what follows.
#pragma once

#include "models/files/config.hpp"

namespace locus::families {

/// Whether the config says `is_causal: false`, with which the masks of transformers 5 leave out
/// nothing. Throws Error where 4.49 wrote the config, which does not read the key.
bool sees_both_sides(const Config& config);

/// Throws Error where it does, for families that can see one side alone.
void expect_one_side(const Config& config);

}  // namespace locus::families
