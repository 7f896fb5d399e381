#include "server/jobs/worker.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "server/api/refusal.hpp"

namespace locus::server {

void expect_waiting(const Call& call) {
  if (!call.alive()) {
    throw Refusal{499, "client_gone", "client: expected one that waits, found it gone"};
  }
  if (Clock::now() < call.deadline) return;
  throw Refusal{503, "timeout", "request: expected an end within the server's limit, found none",
                1};
}

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
  try {
    expect_waiting(call);
  } catch (const Refusal&) {
    give_up(job);
    throw;
  }
}

void Worker::give_up(Job& job) noexcept {
  if (!job.give_up()) return;
  const std::lock_guard lock(mutex_);
  metrics_.count_given_up();
  if (!running_.empty() && all_given_up()) pipeline_.cancel();
}

bool Worker::all_given_up() const {
  return std::ranges::all_of(running_, [](const auto& each) { return each->given_up(); });
}

size_t Worker::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

int Worker::seconds_to_wait() const {
  const double seconds = seconds_per_job_ * static_cast<double>(queue_.size());
  return static_cast<int>(std::clamp(std::ceil(seconds), 1.0, 60.0));
}

/// Jobs that run together, as they see each other.
class Worker::Run final : public Company {
 public:
  Run(Worker& worker, Jobs jobs) : worker_(worker), first_(std::move(jobs)), open_(first_) {}

  const Jobs& first() const override { return first_; }
  Jobs join() override {
    Jobs joining = worker_.take_joining(first_.front()->kind());
    open_.insert(open_.end(), joining.begin(), joining.end());
    return joining;
  }
  void end(Job& job, std::exception_ptr failure) override {
    const auto found = std::ranges::find(open_, &job, [](const auto& each) { return each.get(); });
    const std::shared_ptr<Job> ended = *found;
    open_.erase(found);
    const auto now = Clock::now();
    worker_.note_pace(std::chrono::duration<double>(now - last_end_).count());
    last_end_ = now;
    ++ended_;
    worker_.end(ended, std::move(failure));
  }

  const Jobs& open() const { return open_; }
  size_t jobs() const { return ended_ + open_.size(); }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  Worker& worker_;
  Jobs first_;
  Jobs open_;  // that have not ended
  size_t ended_ = 0;
  Clock::time_point start_ = Clock::now(), last_end_ = start_;
};

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

bool Worker::fits(const Jobs& jobs, const Job& another) const {
  size_t sequences = another.size();
  int64_t tokens = another.tokens();
  for (const auto& job : jobs) {
    sequences += job->size();
    tokens += job->tokens();
  }
  return sequences <= limits_.together && tokens <= limits_.tokens;
}

void Worker::take_company(Jobs& jobs) {
  const std::string kind = jobs.front()->kind();
  if (kind.empty()) return;
  for (auto job = queue_.begin(); job != queue_.end();) {
    if ((*job)->kind() != kind || !fits(jobs, **job)) {
      ++job;
      continue;
    }
    jobs.push_back(std::move(*job));
    job = queue_.erase(job);
  }
}

// What is of another kind, or finds no room, is not overtaken: the run would never end. Nothing
// joins a run that all have given up, since that is cancelled.
Worker::Jobs Worker::take_joining(const std::string& kind) {
  const std::lock_guard lock(mutex_);
  Jobs joining;
  if (all_given_up()) return joining;
  while (!queue_.empty() && !ending_) {
    const auto& next = queue_.front();
    if (!next->given_up()) {
      if (kind.empty() || next->kind() != kind || !fits(running_, *next)) break;
      running_.push_back(next);
      joining.push_back(next);
    }
    queue_.pop_front();
  }
  return joining;
}

void Worker::end(const std::shared_ptr<Job>& job, std::exception_ptr failure) {
  {
    const std::lock_guard lock(mutex_);
    std::erase(running_, job);
  }
  job->end(std::move(failure));
}

std::exception_ptr Worker::try_to_run(Run& run) {
  try {
    run.first().front()->run(pipeline_, run);
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

void Worker::run_together(const Jobs& jobs) {
  Run run(*this, jobs);
  const std::exception_ptr failure = try_to_run(run);
  const Jobs open = run.open();
  const bool alone = run.jobs() == 1;
  metrics_.count_run(run.jobs(), run.seconds());
  if (!open.empty()) note_pace(run.seconds() / static_cast<double>(run.jobs()));
  for (const auto& job : open) {
    if (!failure || alone || job->given_up()) {
      end(job, failure);
    } else {
      Run by_itself(*this, {job});
      const std::exception_ptr its_own = try_to_run(by_itself);
      if (!by_itself.open().empty()) end(job, its_own);
    }
  }
}

void Worker::note_pace(double seconds_per_job) {
  const std::lock_guard lock(mutex_);
  seconds_per_job_ =
      seconds_per_job_ == 0 ? seconds_per_job : 0.8 * seconds_per_job_ + 0.2 * seconds_per_job;
}

}  // namespace locus::server
