#include "tools/cli/terminal/interruption.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <mutex>
#include <new>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>

#include "base/error.hpp"
#include "engine/session.hpp"
#include "pipelines/pipeline.hpp"

namespace locus::cli {
namespace {

constexpr timespec grace{0, 20'000'000};

struct Watched {
  std::atomic<int> signal{0};
  std::atomic<bool> orderly{false};  // the end takes its time
  std::mutex mutex;
  std::list<std::function<void()>> cancels;
  std::set<std::filesystem::path> paths;
};

// Never destroyed: the watching thread outlives main.
Watched& watched() {
  static auto* state = new Watched;
  return *state;
}

constexpr std::array watched_signals = {SIGINT, SIGTERM, SIGHUP};

void cancel_all(int signal) {
  auto& state = watched();
  state.signal = signal;
  const std::lock_guard lock(state.mutex);
  for (const auto& cancel : state.cancels) cancel();
}

// Keeps the lock: nothing may be registered between the removal and the end.
[[noreturn]] void end_process(int signal) {
  auto& state = watched();
  state.mutex.lock();
  std::error_code ignored;
  for (const auto& path : state.paths) {
    std::filesystem::remove_all(path, ignored);
    std::filesystem::remove_all(path, ignored);  // what main added meanwhile
  }
  _exit(128 + signal);
}

/// A watched signal that has come and that nobody has taken, or 0.
int pending_signal() {
  sigset_t pending;
  sigpending(&pending);
  for (const int signal : watched_signals) {
    if (sigismember(&pending, signal) == 1) return signal;
  }
  return 0;
}

// The signal is noted before it is taken: at no moment is it neither pending nor noted, and a main
// thread that ends by itself cannot miss it.
void note_signal(const sigset_t& signals) {
  const int file = signalfd(-1, &signals, SFD_CLOEXEC);
  pollfd arrival{file, POLLIN, 0};
  if (file >= 0 && poll(&arrival, 1, -1) == 1) watched().signal = pending_signal();
}

// Else the next file that is opened would stand in for a closed stream. Reads find the end, writes
// fail.
void keep_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) == -1) open("/dev/null", O_RDONLY);
  }
}

/// Where a function that may not throw needs memory that is not there, as some of the standard
/// library do, no exception gets out: the end is told and orderly all the same.
[[noreturn]] void end_without_memory() {
  std::set_terminate([] { _exit(EXIT_FAILURE); });
  try {
    if (const auto failure = std::current_exception()) std::rethrow_exception(failure);
    std::abort();
  } catch (const std::bad_alloc&) {
  } catch (...) {
    std::abort();
  }
  constexpr std::string_view line = "locus: expected enough memory, found none left\n";
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) _exit(EXIT_FAILURE);
  std::error_code ignored;
  auto& state = watched();
  if (!state.mutex.try_lock()) _exit(EXIT_FAILURE);
  for (const auto& path : state.paths) std::filesystem::remove_all(path, ignored);
  _exit(EXIT_FAILURE);
}

void watch(const sigset_t& signals) {
  note_signal(signals);
  int signal = 0;
  sigwait(&signals, &signal);
  cancel_all(signal);
  if (watched().orderly) {
    sigwait(&signals, &signal);
  } else {
    sigtimedwait(&signals, nullptr, &grace);
  }
  end_process(signal);
}

}  // namespace

void watch_for_interruption() {
  keep_standard_streams();
  std::set_terminate(end_without_memory);
  ::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a failed write, which is reported
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : watched_signals) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  try {
    std::thread(watch, signals).detach();
  } catch (const std::system_error& error) {
    throw Error("threads", "one that watches for Ctrl-C", error.code().message());
  }
}

int interrupting_signal() noexcept {
  if (const int signal = watched().signal) return signal;
  if (const int signal = pending_signal()) return signal;
  return watched().signal;  // taken between the two looks
}

void check_interruption() {
  if (interrupting_signal() != 0) throw Error::cancellation();
}

Cancellable::Cancellable(Session& session) : Cancellable([&] { session.cancel(); }) {}
Cancellable::Cancellable(Pipeline& pipeline) : Cancellable([&] { pipeline.cancel(); }) {}

namespace {

using Registered = std::list<std::function<void()>>::iterator;

/// Called when a signal comes, or at once where it has come.
Registered call_on_signal(std::function<void()> action) {
  const std::lock_guard lock(watched().mutex);
  if (watched().signal != 0) action();
  return watched().cancels.insert(watched().cancels.end(), std::move(action));
}

void forget(Registered place) {
  const std::lock_guard lock(watched().mutex);
  watched().cancels.erase(place);
}

}  // namespace

Cancellable::Cancellable(std::function<void()> cancel)
    : place_(call_on_signal(std::move(cancel))) {}
Cancellable::~Cancellable() { forget(place_); }

OrderlyEnd::OrderlyEnd(std::function<void()> begin) {
  watched().orderly = true;
  place_ = call_on_signal(std::move(begin));
}

OrderlyEnd::~OrderlyEnd() {
  forget(place_);
  watched().signal = 0;
}

Unfinished::Unfinished(std::filesystem::path path) : path_(std::move(path)) {
  const std::lock_guard lock(watched().mutex);
  watched().paths.insert(path_);
}

Unfinished::~Unfinished() {
  const std::lock_guard lock(watched().mutex);
  watched().paths.erase(path_);
}

}  // namespace locus::cli
