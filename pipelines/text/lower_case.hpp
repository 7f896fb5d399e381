// Lower case, character by character.
#pragma once

#include <string>
#include <string_view>

namespace locus::pipelines {

/// `text` is UTF-8.
std::string lower_case(std::string_view text);

}  // namespace locus::pipelines
