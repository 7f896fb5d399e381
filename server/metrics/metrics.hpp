// What has been asked and done since the server began, in Prometheus' text.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace locus::server {

/// Counts of values by upper bounds, the last of which is infinite.
class Histogram {
 public:
  static constexpr std::array<double, 12> bounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                    0.1,   0.25,   0.5,   1,    5,     30};
  void add(double value);
  /// Lines of one metric. `labels` are `route="/rerank"`, or nothing.
  std::string text(const std::string& name, const std::string& labels) const;

 private:
  std::array<uint64_t, bounds.size() + 1> counts_{};
  double sum_ = 0;
};

/// For any thread.
class Metrics {
 public:
  void count_request(const std::string& route, int status, double seconds);
  void count_run(size_t requests, double seconds);
  void count_tokens(int64_t read, int64_t written);
  void count_given_up() noexcept;

  /// All of it, with the number of requests that wait for each model.
  std::string text(const std::map<std::string, size_t>& waiting) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, uint64_t> requests_;  // by route and status
  std::map<std::string, Histogram> seconds_;                  // by route
  Histogram run_seconds_;
  uint64_t run_requests_ = 0, given_up_ = 0;
  int64_t read_ = 0, written_ = 0;
};

}  // namespace locus::server
