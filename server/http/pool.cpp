#include "server/http/pool.hpp"

#include <exception>
#include <string>
#include <system_error>

#include "base/error.hpp"

namespace locus::server {

Pool::Pool(size_t threads) {
  try {
    while (threads_.size() < threads) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    const size_t found = threads_.size();
    finish();
    throw Error("server", std::to_string(threads) + " threads", std::to_string(found));
  }
}

void Pool::add(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  changed_.notify_one();
}

void Pool::finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Pool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return finishing_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    try {
      job();
    } catch (const std::exception&) {  // of no memory: the connection ends with the job
    }
    job = {};
    lock.lock();
  }
}

}  // namespace locus::server
