// Extended grapheme clusters (UAX #29).
#pragma once

#include <cstddef>
#include <string_view>

namespace locus::tokenization {

/// The end of the cluster that begins at byte `at` of well-formed text.
std::size_t grapheme_end(std::string_view text, std::size_t at);

}  // namespace locus::tokenization
