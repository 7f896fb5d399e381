// In which arithmetic linear layers are computed.
#pragma once

#include <string_view>

namespace locus {

/// f32 everywhere; bf16 operands with f32 accumulation; int8 weights with one scale for each
/// channel and one for each token. Norms, softmax and encodings are f32 in all of them.
enum class Precision { f32, bf16, int8 };

/// Throws Error for a name other than f32, bf16 and int8.
Precision parse_precision(std::string_view name);
std::string_view to_string(Precision precision);

}  // namespace locus
