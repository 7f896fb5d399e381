// In which arithmetic a graph is computed, and by which instructions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace locus {

/// f32 everywhere; bf16 operands with f32 accumulation; int8 weights with one scale for each
/// channel and one for each token. Norms, softmax and encodings are f32 in all of them; products of
/// attention, and of vectors by distance, have bf16 operands and f32 sums in the last two where the
/// CPU has the instructions.
enum class Precision { f32, bf16, int8 };

/// Throws Error for a name other than f32, bf16 and int8.
Precision parse_precision(std::string_view name);
/// Throws Error for a number that none of the three has, here and below.
std::string_view to_string(Precision precision);
/// Of a packed weight, without scales: 4, 2 or 1.
int64_t value_bytes(Precision precision);

/// Levels of x86-64 instructions, each including those before it. `best` is all that the CPU has.
enum class InstructionSet { sse4, avx2, avx512, best };

/// Throws Error for a name other than sse4, avx2, avx512 and best.
InstructionSet parse_instruction_set(std::string_view name);
/// What is used now: `sse4`, `avx2`, `avx512`, `avx512_vnni`, `avx512_bf16`, `amx`.
std::string instruction_set();
/// Lowers what oneDNN and our own loops use in this process. To be called before the first model is
/// loaded; throws Error afterwards. The environment variable LOCUS_INSTRUCTION_SET does the same
/// for the first use.
void limit_instruction_set(InstructionSet level);

}  // namespace locus
