#include <sched.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "base/threads.hpp"

namespace locus {
namespace {

int read_number(const std::string& file, int fallback) {
  std::ifstream stream(file);
  int value = fallback;
  return stream >> value ? value : fallback;
}

}  // namespace

int physical_cores() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
    return std::max(1u, std::thread::hardware_concurrency());
  }
  std::set<std::pair<int, int>> cores;  // package, core
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    const std::string topology = "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
    cores.emplace(read_number(topology + "physical_package_id", 0),
                  read_number(topology + "core_id", cpu));
  }
  return std::max(1, static_cast<int>(cores.size()));
}

}  // namespace locus
