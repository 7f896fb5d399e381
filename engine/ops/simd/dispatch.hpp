// Which instructions our vector loops run with.
#pragma once

#include <string>

namespace locus::ops {

/// To be called before a loop is dispatched: applies LOCUS_INSTRUCTION_SET at the first call.
/// Throws Error when the variable names no instruction set.
void settle_instruction_set();

/// Highway's name for the target that loops are dispatched to: `AVX3`, `AVX2`, `SSE4`, ...
std::string vector_target();

}  // namespace locus::ops
