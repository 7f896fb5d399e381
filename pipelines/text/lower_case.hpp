// Lower case as sentence-transformers has it.
#pragma once

#include <string>
#include <string_view>

namespace locus::pipelines {

/// The text in lower case, character by character. `text` is well-formed UTF-8.
std::string lower_case(std::string_view text);

}  // namespace locus::pipelines
