#include "base/memory_limit.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>

namespace locus {
namespace {

// Of control groups, version 2 and 1, as a container sees its own.
constexpr const char* group_limits[] = {"/sys/fs/cgroup/memory.max",
                                        "/sys/fs/cgroup/memory/memory.limit_in_bytes"};

int64_t machine_memory() {
  const int64_t pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? pages * size : std::numeric_limits<int64_t>::max();
}

}  // namespace

int64_t memory_limit() {
  int64_t limit = machine_memory();
  for (const char* file : group_limits) {
    int64_t bytes = 0;
    if (std::ifstream(file) >> bytes) limit = std::min(limit, bytes);  // "max" is no number
  }
  rlimit own{};
  if (::getrlimit(RLIMIT_AS, &own) == 0 && own.rlim_cur < static_cast<rlim_t>(limit)) {
    limit = static_cast<int64_t>(own.rlim_cur);
  }
  return limit;
}

}  // namespace locus
