// The one function that the standard library may lack: libc++ 16 reads whole numbers alone.
#pragma once

namespace locus {

/// Reads the number at the beginning of [begin, end). Where it ends; null where there is none.
const char* parse_decimal(const char* begin, const char* end, double& value);

}  // namespace locus
