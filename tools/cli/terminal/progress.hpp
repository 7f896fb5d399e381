// How far a long run is, on a terminal alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace locus::cli {

/// Which of several runs one is, and when the first began: the time left is that of all.
struct Step {
  int64_t index = 0, count = 1;
  std::string unit = "tokens";  ///< what a run counts
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

/// One line on stderr that is written over and disappears in the end; nothing where stderr is no
/// terminal.
class Progress {
 public:
  explicit Progress(std::string label, const Step& step = {});
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Shows the share of all runs as a bar, the rate and the time left, at most ten times a second.
  void show(int64_t done, int64_t total);
  void clear();

 private:
  double share_of_all(double share) const;
  double seconds_left(double share, std::chrono::steady_clock::time_point now) const;

  std::string label_;
  Step step_;
  bool visible_ = false;
  int64_t done_ = 0;
  std::chrono::steady_clock::time_point begun_, start_, next_;
};

}  // namespace locus::cli
