// `locus-claims`: what articles claim, measured.
#pragma once

#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli::claims {

/// The options of the command, and what it does.
Action add_claims(Arguments& arguments);

}  // namespace locus::cli::claims
