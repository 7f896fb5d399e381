#include "server/jobs/job.hpp"

namespace locus::server {

void Job::end(std::exception_ptr failure) noexcept {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(failure);
  ended_ = true;
  changed_.notify_all();
}

bool Job::ended_within(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, time, [this] { return ended_; });
}

void Job::check() const {
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace locus::server
