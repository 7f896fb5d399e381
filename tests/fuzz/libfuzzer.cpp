// libFuzzer's entry: the target is named by LOCUS_FUZZ_TARGET.
#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const char* name = std::getenv("LOCUS_FUZZ_TARGET");
  static const locus::fuzz::Target& target = locus::fuzz::find_target(name ? name : "");
  locus::fuzz::run_target(target, {reinterpret_cast<const char*>(data), size});
  return 0;
}
