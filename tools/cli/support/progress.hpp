// How far a long run is, on a terminal alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace locus::cli {

/// One line on stderr that is written over and disappears in the end; nothing where stderr is no
/// terminal.
class Progress {
 public:
  explicit Progress(std::string label);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Shows `done` of `total`, at most ten times a second.
  void show(int64_t done, int64_t total);
  void clear();

 private:
  std::string label_;
  bool visible_ = false;
  std::chrono::steady_clock::time_point start_, next_;
};

}  // namespace locus::cli
