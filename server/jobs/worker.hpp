// A thread that runs a model for the requests that wait for it.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "server/api/call.hpp"
#include "server/jobs/job.hpp"
#include "server/metrics/metrics.hpp"

namespace locus::server {

/// How long a request's thread waits before it looks whether its client is still there.
inline constexpr std::chrono::milliseconds between_looks{50};

struct WorkerLimits {
  size_t queue = 256;      ///< jobs that wait
  size_t together = 1024;  ///< sequences of jobs that run together
  int64_t tokens = 65536;  ///< that these may come to, where they are kept
};

/// Throws Refusal once the client is gone (499) or the time is over (503).
void expect_waiting(const Call& call);

/// Jobs run in the order of their arrival, each with all that wait and are of its kind: their
/// sequences are one ragged batch. Some let others of their kind join while they run. A job that
/// fails in company is tried alone, so that each fails of its own faults.
class Worker {
 public:
  Worker(Pipeline pipeline, const WorkerLimits& limits, Metrics& metrics);
  /// Cancels what runs, and ends what waits.
  ~Worker();

  /// Runs the job and returns when it has ended. Throws what it failed of; Refusal where too many
  /// wait (429), where the client went away, and after the deadline.
  void run(const std::shared_ptr<Job>& job, const Call& call);
  /// The two halves of it, for who reads a job's results as they come.
  void submit(std::shared_ptr<Job> job);
  /// Gives the job up where `expect_waiting` throws.
  void check(Job& job, const Call& call);
  /// Nobody waits for the job any more; a run that all have given up is cancelled.
  void give_up(Job& job) noexcept;

  size_t waiting() const;

 private:
  class Run;
  using Jobs = Company::Jobs;

  void work();
  /// The next jobs to run; none when the worker ends.
  Jobs take();
  void take_company(Jobs& jobs);
  /// Moves those at the queue's front that are of a run's kind into it, as far as there is room.
  Jobs take_joining(const std::string& kind);
  bool all_given_up() const;
  bool fits(const Jobs& jobs, const Job& another) const;
  void end(const std::shared_ptr<Job>& job, std::exception_ptr failure);
  void run_together(const Jobs& jobs);
  std::exception_ptr try_to_run(Run& run);
  void note_pace(double seconds_per_job);
  int seconds_to_wait() const;

  Pipeline pipeline_;
  WorkerLimits limits_;
  Metrics& metrics_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::shared_ptr<Job>> queue_;
  Jobs running_;
  double seconds_per_job_ = 0;  // lately
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace locus::server
