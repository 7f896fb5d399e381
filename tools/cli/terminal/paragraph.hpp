// Text in lines of 80 columns.
#pragma once

#include <string>

namespace locus::cli {

/// The words in lines of at most 80 columns, each after `indent` and with a line end.
std::string paragraph(const std::string& text, const std::string& indent);

}  // namespace locus::cli
