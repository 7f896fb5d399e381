#include "tools/cli/support/progress.hpp"

#include <algorithm>
#include <cstdio>

#include "tools/cli/support/terminal.hpp"

namespace locus::cli {
namespace {

constexpr auto interval = std::chrono::milliseconds(100);

}  // namespace

Progress::Progress(std::string label)
    : label_(std::move(label)),
      start_(std::chrono::steady_clock::now()),
      next_(start_ + interval) {}

Progress::~Progress() { clear(); }

void Progress::show(int64_t done, int64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_ || !stderr_is_terminal()) return;
  next_ = now + interval;
  const double share = static_cast<double>(done) / static_cast<double>(std::max<int64_t>(total, 1));
  const double seconds = std::chrono::duration<double>(now - start_).count();
  auto text = label_ + " " + fixed(100 * share, 0) + " %";
  if (done > 0) text += ", " + fixed(seconds / share - seconds, 0) + " s left";
  std::fprintf(stderr, "\r%s\033[K", text.c_str());
  std::fflush(stderr);
  visible_ = true;
}

void Progress::clear() {
  if (visible_) std::fputs("\r\033[K", stderr);
  visible_ = false;
}

}  // namespace locus::cli
