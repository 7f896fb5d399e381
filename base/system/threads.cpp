#include "base/threads.hpp"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/float_environment.hpp"

namespace locus {
namespace {

// The gate is one word, so that joining a job and closing it exclude each other without a lock:
// generation (20 bits) | open (1 bit) | helpers inside (11 bits).
constexpr uint32_t helper = 1;
constexpr uint32_t helpers_mask = (1u << 11) - 1;
constexpr uint32_t open = 1u << 11;
constexpr uint32_t generation = 1u << 12;

// Long enough to bridge the gap between two layers, short enough for a shared machine.
constexpr std::chrono::microseconds spin_time{20};

template <typename Condition>
bool spin_until(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + spin_time;
  do {
    for (int i = 0; i < 64; ++i) {
      if (condition()) return true;
      __builtin_ia32_pause();
    }
  } while (std::chrono::steady_clock::now() < deadline);
  return false;
}

/// Threads that start meanwhile take no signal: a host's handlers run on the host's threads.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &host_);
  }
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &host_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t host_;
};

}  // namespace

struct Team::State {
  using Task = std::function<void(int64_t, int)>;

  std::mutex callers;  // one job at a time
  const Task* task = nullptr;
  int64_t count = 0;
  std::atomic<int64_t> next{0};
  std::atomic<uint32_t> gate{0};
  std::atomic<uint32_t> left{0};  // 1 when the helpers inside a closed job have all gone
  std::atomic<bool> cancelled{false};
  std::atomic<bool> stopping{false};
  std::mutex failure_lock;
  std::exception_ptr failure;
  std::vector<std::thread> threads;
  const pid_t process = getpid();

  void run_tiles(int worker);
  void fail(std::exception_ptr error);
  bool join(uint32_t& seen);
  void leave();
  void help(int worker);
  void close_and_wait();
  void stop();
};

void Team::State::run_tiles(int worker) {
  const DefaultFloats floats;
  try {
    for (;;) {
      const int64_t index = next.fetch_add(1, std::memory_order_relaxed);
      if (index >= count) return;
      if (cancelled.load(std::memory_order_relaxed)) throw Error::cancellation();
      (*task)(index, worker);
    }
  } catch (...) {
    fail(std::current_exception());
  }
}

void Team::State::fail(std::exception_ptr error) {
  next.store(count, std::memory_order_relaxed);
  const std::lock_guard lock(failure_lock);
  if (!failure) failure = std::move(error);
}

// Enters the open job unless this helper has already been in it.
bool Team::State::join(uint32_t& seen) {
  uint32_t now = gate.load();
  while ((now & open) && now / generation != seen) {
    if (gate.compare_exchange_weak(now, now + helper)) {
      seen = now / generation;
      return true;
    }
  }
  return false;
}

void Team::State::leave() {
  const uint32_t now = gate.fetch_sub(helper) - helper;
  if (now & (open | helpers_mask)) return;
  left.store(1);
  left.notify_one();
}

void Team::State::help(int worker) {
  uint32_t seen = ~0u;
  while (!stopping.load()) {
    if (spin_until([&] { return join(seen) || stopping.load(); })) {
      if (stopping.load()) return;
      run_tiles(worker);
      leave();
      continue;
    }
    const uint32_t now = gate.load();
    const bool news = (now & open) && now / generation != seen;
    if (!news && !stopping.load()) gate.wait(now);
  }
}

// Helpers that have not woken up yet are not waited for: they find the gate closed.
void Team::State::close_and_wait() {
  if (!(gate.fetch_and(~open) & helpers_mask)) return;
  if (spin_until([&] { return left.load() == 1; })) return;
  left.wait(0);
}

// After a fork the threads are the parent's: there is nothing to wait for, and what stands for them
// may be neither joined nor destroyed.
void Team::State::stop() {
  if (getpid() != process) {
    static_cast<void>(new std::vector(std::move(threads)));
    return;
  }
  stopping.store(true);
  gate.fetch_add(generation);
  gate.notify_all();
  for (std::thread& thread : threads) thread.join();
}

Team::Team(int threads) : state_(std::make_unique<State>()) {
  if (threads < 1 || threads > max_size) {
    throw Error("threads", "a number from 1 to 1024", std::to_string(threads));
  }
  const NoSignals for_new_threads;
  try {
    for (int worker = 1; worker < threads; ++worker) {
      state_->threads.emplace_back([state = state_.get(), worker] { state->help(worker); });
    }
  } catch (const std::exception& error) {
    state_->stop();
    throw Error("threads", std::to_string(threads) + " that start", error.what());
  }
}

Team::~Team() { state_->stop(); }

int Team::size() const { return static_cast<int>(state_->threads.size()) + 1; }

void Team::parallel(int64_t count, const std::function<void(int64_t, int)>& task) {
  State& state = *state_;
  const std::lock_guard lock(state.callers);
  state.task = &task;
  state.count = count;
  state.next.store(0, std::memory_order_relaxed);
  const bool shared = count > 1 && !state.threads.empty();
  if (shared) {
    state.left.store(0, std::memory_order_relaxed);
    state.gate.fetch_add(generation | open);
    state.gate.notify_all();
  }
  state.run_tiles(0);
  if (shared) state.close_and_wait();
  if (state.failure) std::rethrow_exception(std::exchange(state.failure, nullptr));
}

void Team::cancel() noexcept { state_->cancelled.store(true); }
void Team::resume() noexcept { state_->cancelled.store(false); }
bool Team::cancelled() const noexcept { return state_->cancelled.load(); }

}  // namespace locus
