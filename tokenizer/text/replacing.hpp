#pragma once

#include <string>
#include <string_view>

namespace locus::tokenization {

/// Replaces every occurrence, from left to right.
void replace_all(std::string& text, std::string_view from, std::string_view to);

}  // namespace locus::tokenization
