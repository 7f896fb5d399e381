// One switch that lowers the instruction set of oneDNN and of our own loops together.
#pragma once

#include <string>
#include <string_view>

namespace locus {

/// Levels of x86-64 instructions, each including those before it. `best` is all that the CPU has.
enum class InstructionSet { sse4, avx2, avx512, best };

/// Throws Error for a name other than sse4, avx2, avx512 and best.
InstructionSet parse_instruction_set(std::string_view name);
/// What is used now: `sse4`, `avx2`, `avx512`, `avx512_vnni`, `avx512_bf16`, `amx`.
std::string instruction_set();
/// Lowers what is used in this process. To be called before the first model is loaded; throws Error
/// afterwards. The environment variable LOCUS_INSTRUCTION_SET does the same for the first use.
void limit_instruction_set(InstructionSet level);

}  // namespace locus
