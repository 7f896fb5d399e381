#include "tools/cli/terminal/progress.hpp"

#include <algorithm>
#include <cstdio>

#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

constexpr auto interval = std::chrono::milliseconds(100);
constexpr int cells = 20;  // of the bar

/// Full and empty cells, in the colours of the terminal.
std::string bar(double share) {
  const int full = std::clamp(static_cast<int>(share * cells + 0.5), 0, cells);
  std::string text;
  for (int i = 0; i < cells; ++i) text += i < full ? "█" : "░";
  return text;
}

double seconds_between(std::chrono::steady_clock::time_point from,
                       std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

Progress::Progress(std::string label, const Step& step)
    : label_(std::move(label)),
      step_(step),
      begun_(std::chrono::steady_clock::now()),
      start_(begun_),
      next_(start_ + interval) {
  if (step.count > 1) {
    label_ += " (" + std::to_string(step.index + 1) + " of " + std::to_string(step.count) + ")";
  }
}

Progress::~Progress() { clear(); }

void Progress::show(int64_t done, int64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_ || !stderr_is_terminal()) return;
  next_ = now + interval;
  if (done < done_) start_ = now;  // the next part of the run has begun to count from 0
  done_ = done;
  const double share = static_cast<double>(done) / static_cast<double>(std::max<int64_t>(total, 1));
  const double all = share_of_all(share);
  auto text = label_ + " " + bar(all) + " " + fixed(100 * all, 0) + " %";
  if (const double seconds = seconds_between(start_, now); done > 0 && seconds > 0) {
    text += ", " + grouped(static_cast<int64_t>(static_cast<double>(done) / seconds)) + " " +
            step_.unit + "/s";
  }
  if (const double left = seconds_left(share, now); left >= 0) {
    text += ", " + fixed(left, 0) + " s left";
  }
  std::fprintf(stderr, "\r%s\033[K", text.c_str());
  std::fflush(stderr);
  visible_ = true;
}

/// There is one bar for all runs, so that it fills only once.
double Progress::share_of_all(double share) const {
  return (static_cast<double>(step_.index) + share) / static_cast<double>(step_.count);
}

/// Estimated from the runs that have ended, or from the share of a single run; below 0 if unknown.
double Progress::seconds_left(double share, std::chrono::steady_clock::time_point now) const {
  const double all = seconds_between(step_.start, now);
  if (step_.count == 1) return share > 0 ? all / share - all : -1;
  if (step_.index == 0) return -1;
  const double each = seconds_between(step_.start, begun_) / static_cast<double>(step_.index);
  return std::max(0.0, each * static_cast<double>(step_.count) - all);
}

void Progress::clear() {
  if (visible_) std::fputs("\r\033[K", stderr);
  visible_ = false;
}

}  // namespace locus::cli
