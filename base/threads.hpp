// Threads that work on the tiles of one operation.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace locus {

/// Threads, the caller's among them; it alone in a process that was forked meanwhile. Tiles' sizes
/// depend on shapes alone: the same bits come out for any number of threads, whatever rounding mode
/// or flushing of subnormal numbers the caller has set. Its own threads take no signals.
class Team {
 public:
  static constexpr int max_size = 1024;

  /// Throws Error when `threads` is below 1 or above `max_size`.
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const;

  /// Calls `task(index, worker)` for every index in [0, count), on any worker in [0, size()), and
  /// returns when all are done. The first exception of a task is thrown again here. Between tiles
  /// the cancel flag is looked at: throws Error::cancellation().
  void parallel(int64_t count, const std::function<void(int64_t index, int worker)>& task);

  /// Ends the present `parallel` at the next tile, and all later ones, until `resume`. May be
  /// called from any thread and from a signal handler.
  void cancel() noexcept;
  void resume() noexcept;
  bool cancelled() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Physical cores of this machine that this process may use.
int physical_cores();

}  // namespace locus
