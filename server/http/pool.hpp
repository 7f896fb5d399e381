// Threads that do one job after another.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

namespace locus::server {

class Pool {
 public:
  /// Throws Error where there are not so many threads.
  explicit Pool(size_t threads);
  ~Pool() { finish(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// An exception ends the job alone.
  void add(std::function<void()> job);
  /// Waits until all jobs are done. None may be added afterwards.
  void finish();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<std::function<void()>> jobs_;  // under the mutex, as what follows
  bool finishing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace locus::server
