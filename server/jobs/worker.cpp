#include "server/jobs/worker.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "server/api/refusal.hpp"

namespace locus::server {
Worker::Worker(Pipeline pipeline, const WorkerLimits& limits, Metrics& metrics)
    : pipeline_(std::move(pipeline)),
      limits_(limits),
      metrics_(metrics),
      thread_([this] { work(); }) {}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    if (!running_.empty()) pipeline_.cancel();
    for (const auto& job : queue_) job->end(std::make_exception_ptr(Error::cancellation()));
    queue_.clear();
  }
  arrived_.notify_all();
  thread_.join();
}

void Worker::submit(std::shared_ptr<Job> job) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= limits_.queue) {
      throw Refusal{429, "queue_full",
                    "queue: expected at most " + std::to_string(limits_.queue) +
                        " requests that wait, found as many",
                    seconds_to_wait()};
    }
    queue_.push_back(std::move(job));
  }
  arrived_.notify_one();
}

void Worker::run(const std::shared_ptr<Job>& job, const Call& call) {
  submit(job);
  while (!job->ended_within(between_looks)) check(*job, call);
  job->check();
}

void Worker::check(Job& job, const Call& call) {
  if (!call.alive()) {
    give_up(job);
    throw Refusal{499, "client_gone", "client: expected one that waits, found it gone"};
  }
  if (Clock::now() < call.deadline) return;
  give_up(job);
  throw Refusal{503, "timeout", "request: expected an end within the server's limit, found none",
                1};
}

void Worker::give_up(Job& job) noexcept {
  if (!job.give_up()) return;
  const std::lock_guard lock(mutex_);
  metrics_.count_given_up();
  const auto given_up = [](const auto& each) { return each->given_up(); };
  if (!running_.empty() && std::ranges::all_of(running_, given_up)) pipeline_.cancel();
}

size_t Worker::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

int Worker::seconds_to_wait() const {
  const double seconds = seconds_per_job_ * static_cast<double>(queue_.size());
  return static_cast<int>(std::clamp(std::ceil(seconds), 1.0, 60.0));
}

void Worker::work() {
  for (Jobs jobs = take(); !jobs.empty(); jobs = take()) run_together(jobs);
}

Worker::Jobs Worker::take() {
  std::unique_lock lock(mutex_);
  running_.clear();
  for (;;) {
    arrived_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (ending_) return {};
    std::erase_if(queue_, [](const auto& job) { return job->given_up(); });
    if (queue_.empty()) continue;
    running_.push_back(std::move(queue_.front()));
    queue_.pop_front();
    take_company(running_);
    pipeline_.resume();
    return running_;
  }
}

void Worker::take_company(Jobs& jobs) {
  const std::string kind = jobs.front()->kind();
  if (kind.empty()) return;
  size_t sequences = jobs.front()->size();
  for (auto job = queue_.begin(); job != queue_.end();) {
    const bool fits = sequences + (*job)->size() <= limits_.together;
    if (!fits || (*job)->kind() != kind) {
      ++job;
      continue;
    }
    sequences += (*job)->size();
    jobs.push_back(std::move(*job));
    job = queue_.erase(job);
  }
}

std::exception_ptr Worker::try_to_run(const Jobs& jobs) {
  std::vector<Job*> together;
  for (const auto& job : jobs) together.push_back(job.get());
  try {
    together.front()->run(pipeline_, together);
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

void Worker::run_together(const Jobs& jobs) {
  const auto start = Clock::now();
  const std::exception_ptr failure = try_to_run(jobs);
  if (!failure || jobs.size() == 1) {
    for (const auto& job : jobs) job->end(failure);
  } else {
    for (const auto& job : jobs) job->end(job->given_up() ? failure : try_to_run({job}));
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  metrics_.count_run(jobs.size(), seconds);
  const std::lock_guard lock(mutex_);
  const double each = seconds / static_cast<double>(jobs.size());
  seconds_per_job_ = seconds_per_job_ == 0 ? each : 0.8 * seconds_per_job_ + 0.2 * each;
}

}  // namespace locus::server
