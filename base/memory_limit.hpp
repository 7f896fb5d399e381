// How much memory there is.
#pragma once

#include <cstdint>

namespace locus {

/// Bytes that this process can have in all: the machine's memory, or fewer where the process or its
/// control group is held to them. What others hold of it counts too.
int64_t memory_limit();

}  // namespace locus
