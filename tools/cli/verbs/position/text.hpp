// An encoding drawn for a terminal.
#pragma once

#include <string>

#include "tools/cli/verbs/position/view.hpp"

namespace locus::cli {

std::string to_text(const PositionView& view);

}  // namespace locus::cli
