// The attributes of a decoder's embedding that reads the encoder's text: `models/shifted_text.hpp`.
#pragma once

#include "engine/attributes.hpp"
#include "models/files/config.hpp"

namespace locus::families {

/// The text stands after the start token (BART, T5). Throws Error for a config without one.
Attributes shift_after_start(const Config& config);
/// The text stands after its own last id that is not padding: a language code (mBART).
Attributes shift_after_last(const Config& config);

}  // namespace locus::families
