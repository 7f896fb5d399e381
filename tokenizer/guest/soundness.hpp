#pragma once

#include <string_view>

#include "base/watch.hpp"

namespace locus::tokenization {

/// Throws `Error` for a SentencePiece model that its library, which trusts it, would read past the
/// end of, or call itself too often for.
void expect_sound_model(std::string_view bytes, Watch& watch);

}  // namespace locus::tokenization
