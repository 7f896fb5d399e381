// Ctrl-C: the present run ends, what was half written goes, the exit status is 130.
#pragma once

#include <filesystem>
#include <functional>
#include <list>

namespace locus {
class Pipeline;
class Session;
}  // namespace locus

namespace locus::cli {

/// Starts to watch for SIGINT, SIGTERM and SIGHUP, from a thread of its own: a handler could
/// neither lock nor delete files. To be called once, before any other thread is started. The first
/// signal cancels what is registered; when the process has not ended by itself within a grace
/// period that is well below 50 ms, or a second signal comes, unfinished paths are removed and the
/// process ends.
void watch_for_interruption();

/// The signal that came, or 0.
int interrupting_signal() noexcept;
/// Throws Error::cancellation() once a signal has come: for loops of the command's own.
void check_interruption();

/// Cancels the session or pipeline, while this lives, when a signal comes.
class Cancellable {
 public:
  explicit Cancellable(Session& session);
  explicit Cancellable(Pipeline& pipeline);
  ~Cancellable();
  Cancellable(const Cancellable&) = delete;
  Cancellable& operator=(const Cancellable&) = delete;

 private:
  explicit Cancellable(std::function<void()> cancel);
  std::list<std::function<void()>>::iterator place_;
};

/// While this lives, the first signal calls `begin` and the process may take its time to end; that
/// it ends is then no failure. A second signal ends it at once.
class OrderlyEnd {
 public:
  explicit OrderlyEnd(std::function<void()> begin);
  ~OrderlyEnd();
  OrderlyEnd(const OrderlyEnd&) = delete;
  OrderlyEnd& operator=(const OrderlyEnd&) = delete;

 private:
  std::list<std::function<void()>>::iterator place_;
};

/// Removes the path, while this lives, when a signal ends the process.
class Unfinished {
 public:
  explicit Unfinished(std::filesystem::path path);
  ~Unfinished();
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

 private:
  std::filesystem::path path_;
};

}  // namespace locus::cli
