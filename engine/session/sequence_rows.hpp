// What a sequence holds, checked against what a graph reads.
#pragma once

#include "engine/session.hpp"

namespace locus::session {

/// The number of rows. Throws Error for ids where the graph reads features and the reverse, for
/// rows of another width, values that are not finite, and a map that is not of the rows.
int64_t count_rows(const Sequence& sequence, const GraphInput& input);

}  // namespace locus::session
