// What glibc throws through a thread that pthread_cancel or pthread_exit ends.
#pragma once

#include <cxxabi.h>

#include <new>

namespace locus::c {

#ifdef __GLIBCXX__
using ThreadEnd = abi::__forced_unwind;
#else
struct ThreadEnd {};  // libc++ has no name for it
#endif

}  // namespace locus::c
