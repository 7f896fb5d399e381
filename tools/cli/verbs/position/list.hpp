// Every scheme with its parameters, defaults and sources.
#pragma once

#include <string>

#include "tools/cli/output/output.hpp"

namespace locus::cli {

Json schemes_json();
std::string schemes_text();

}  // namespace locus::cli
