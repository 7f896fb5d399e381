// Threads that read and pack the weights of a graph.
#pragma once

#include <memory>

#include "base/threads.hpp"
#include "engine/weights.hpp"

namespace locus::graph {

/// At most so many threads; 0: the machine's physical cores. None where weights are few, or threads
/// do not start: a graph is made all the same. Throws Error for a number that no team has.
std::unique_ptr<Team> packing_team(const Weights& weights, int threads);

}  // namespace locus::graph
