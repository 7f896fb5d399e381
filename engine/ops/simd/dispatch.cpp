#include "engine/ops/simd/dispatch.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/ops/simd/dispatch.cpp"
#include "hwy/foreach_target.h"
// After foreach_target:
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace locus::ops {
namespace HWY_NAMESPACE {

const char* target_name() { return hwy::TargetName(HWY_TARGET); }

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace locus::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace locus::ops {

HWY_EXPORT(target_name);

std::string vector_target() {
  settle_instruction_set();
  return HWY_DYNAMIC_DISPATCH(target_name)();
}

}  // namespace locus::ops
#endif  // HWY_ONCE
