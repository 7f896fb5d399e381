#include "engine/graph/packing_team.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace locus::graph {

std::unique_ptr<Team> packing_team(const Weights& weights, int threads) {
  constexpr size_t bytes_of_thread = size_t{8} << 20;
  if (threads < 0 || threads > Team::max_size) {
    throw Error("threads", "a number from 0 to " + std::to_string(Team::max_size),
                std::to_string(threads));
  }
  size_t bytes = 0;
  for (const std::string& name : weights.names()) bytes += weights.at(name).place.size();
  const size_t most = threads == 0 ? physical_cores() : threads;
  const size_t useful = std::min(most, bytes / bytes_of_thread);
  if (useful < 2) return nullptr;
  try {
    return std::make_unique<Team>(static_cast<int>(useful));
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace locus::graph
