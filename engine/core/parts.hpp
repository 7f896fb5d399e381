// Parts of a work that threads do side by side, each in a room of its own.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <vector>

#include "base/threads.hpp"

namespace locus::core {

/// Calls `work(part, room)` for every part in [0, count), on the threads of the team or, without
/// one, on the caller's; each thread has a `Room`. Throws what the first part that fails throws,
/// however many threads there are.
template <typename Room, typename Work>
void for_each_part(int64_t count, Team* team, const Work& work) {
  struct Worker {
    Room room = {};
    int64_t part = 0;  // the last one
    std::exception_ptr failure = {};
  };
  std::vector<Worker> workers(static_cast<size_t>(team ? team->size() : 1));
  const auto run = [&](int64_t part, int index) {
    Worker& worker = workers[static_cast<size_t>(index)];
    worker.part = part;
    try {
      work(part, worker.room);
    } catch (...) {
      worker.failure = std::current_exception();
      throw;
    }
  };
  if (!team) {
    for (int64_t part = 0; part < count; ++part) run(part, 0);
    return;
  }
  try {
    team->parallel(count, std::cref(run));
  } catch (...) {
    const Worker* first = nullptr;
    for (const Worker& worker : workers) {
      if (worker.failure && (!first || worker.part < first->part)) first = &worker;
    }
    if (first) std::rethrow_exception(first->failure);
    throw;
  }
}

}  // namespace locus::core
