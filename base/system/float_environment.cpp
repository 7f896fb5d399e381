// Of x86-64: everything is computed in its vector registers.
#include "base/float_environment.hpp"

#include <xmmintrin.h>

namespace locus {
namespace {

constexpr uint32_t after_reset = 0x1f80;  // of MXCSR

}  // namespace

DefaultFloats::DefaultFloats() : host_(_mm_getcsr()) { _mm_setcsr(after_reset); }
DefaultFloats::~DefaultFloats() { _mm_setcsr(host_); }

}  // namespace locus
