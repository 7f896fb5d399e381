// Results, as JSON or as text.
#pragma once

#include <nlohmann/json.hpp>

#include "tools/cli/support/terminal.hpp"

namespace locus::cli {

using Json = nlohmann::ordered_json;

/// One JSON document and a newline to stdout.
void print_json(const Json& document);

}  // namespace locus::cli
