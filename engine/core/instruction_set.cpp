#include "engine/options.hpp"

#include <hwy/targets.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "base/error.hpp"
#include "engine/ops/onednn/onednn.hpp"
#include "engine/ops/simd/dispatch.hpp"

namespace locus {
namespace {

constexpr std::array<std::pair<std::string_view, InstructionSet>, 4> levels{{
    {"sse4", InstructionSet::sse4},
    {"avx2", InstructionSet::avx2},
    {"avx512", InstructionSet::avx512},
    {"best", InstructionSet::best},
}};

InstructionSet parse(std::string_view who, std::string_view name) {
  for (const auto& [known, level] : levels) {
    if (known == name) return level;
  }
  throw Error(who, "sse4, avx2, avx512 or best", name);
}

int64_t targets_above(InstructionSet level) {
  constexpr int64_t avx512 = HWY_AVX3 | HWY_AVX3_DL;
  if (level == InstructionSet::sse4) return avx512 | HWY_AVX2;
  return level == InstructionSet::avx2 ? avx512 : 0;
}

// The choice belongs to the process, as the CPU does: it is made once.
struct Choice {
  std::mutex lock;
  std::atomic<bool> made{false};

  void make(InstructionSet level) {
    if (!onednn::limit(level)) {
      throw Error("instruction set", "a limit before oneDNN is used in this process",
                  "a later one");
    }
    hwy::DisableTargets(targets_above(level));
    made = true;
  }
};

Choice& choice() {
  static Choice choice;
  return choice;
}

}  // namespace

InstructionSet parse_instruction_set(std::string_view name) {
  return parse("instruction set", name);
}

void ops::settle_instruction_set() {
  Choice& chosen = choice();
  if (chosen.made.load(std::memory_order_acquire)) return;
  const std::lock_guard lock(chosen.lock);
  if (chosen.made) return;
  const char* wanted = std::getenv("LOCUS_INSTRUCTION_SET");
  chosen.make(wanted && *wanted ? parse("LOCUS_INSTRUCTION_SET", wanted) : InstructionSet::best);
}

std::string instruction_set() {
  ops::settle_instruction_set();
  return onednn::instruction_set();
}

void limit_instruction_set(InstructionSet level) {
  Choice& chosen = choice();
  const std::lock_guard lock(chosen.lock);
  if (chosen.made) {
    throw Error("instruction set", "a limit before the first use", "one after it");
  }
  chosen.make(level);
}

}  // namespace locus
