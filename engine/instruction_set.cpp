#include "engine/instruction_set.hpp"

#include <array>
#include <utility>

#include "engine/error.hpp"
#include "engine/ops/onednn.hpp"

namespace locus {
namespace {

constexpr std::array<std::pair<std::string_view, InstructionSet>, 4> names{{
    {"sse4", InstructionSet::sse4},
    {"avx2", InstructionSet::avx2},
    {"avx512", InstructionSet::avx512},
    {"best", InstructionSet::best},
}};

}  // namespace

InstructionSet parse_instruction_set(std::string_view name) {
  for (const auto& [known, level] : names) {
    if (known == name) return level;
  }
  throw Error("instruction set", "sse4, avx2, avx512 or best", name);
}

std::string instruction_set() { return onednn::instruction_set(); }

void limit_instruction_set(InstructionSet level) {
  if (!onednn::limit(level)) {
    throw Error("instruction set", "a limit before the first use", "one after it");
  }
}

}  // namespace locus
