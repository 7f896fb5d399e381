#include "base/threads.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "tests/support/failure.hpp"

namespace locus {
namespace {

TEST_CASE("a team does every tile once, whatever the numbers") {
  for (int threads : {1, 2, 3, 8}) {
    Team team(threads);
    CHECK(team.size() == threads);
    for (int64_t count : {0, 1, 2, 7, 1000}) {
      std::vector<int> done(count);  // one writer each: plain ints
      team.parallel(count, [&](int64_t index, int) { ++done[index]; });
      CHECK(std::count(done.begin(), done.end(), 1) == count);
    }
  }
}

TEST_CASE("workers have numbers below the size, and none is in two tiles at once") {
  Team team(3);
  std::vector<int> inside(3);
  std::atomic<bool> wrong{false};
  team.parallel(3000, [&](int64_t, int worker) {
    if (worker < 0 || worker >= 3 || inside[worker]++ != 0) wrong = true;
    --inside[worker];
  });
  CHECK_FALSE(wrong);
}

TEST_CASE("what tiles wrote is seen after many short jobs in a row") {
  Team team(2);
  std::vector<int64_t> values(64);
  for (int64_t round = 1; round <= 5000; ++round) {
    team.parallel(64, [&](int64_t index, int) { values[index] += round; });
  }
  const int64_t each = 5000 * 5001 / 2;
  CHECK(std::all_of(values.begin(), values.end(), [&](int64_t value) { return value == each; }));
}

TEST_CASE("helpers that fell asleep come back") {
  Team team(4);
  for (int round = 0; round < 20; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::atomic<int> sum{0};
    team.parallel(100, [&](int64_t index, int) { sum += static_cast<int>(index); });
    CHECK(sum == 4950);
  }
}

TEST_CASE("the first exception of a task is thrown to the caller and the team goes on") {
  for (int threads : {1, 3}) {
    Team team(threads);
    const auto job = [&] {
      team.parallel(100, [](int64_t index, int) {
        if (index == 5) throw std::runtime_error("tile 5");
      });
    };
    CHECK_THROWS_WITH_AS(job(), "tile 5", std::runtime_error);
    int done = 0;
    team.parallel(1, [&](int64_t, int) { ++done; });
    CHECK(done == 1);
  }
}

TEST_CASE("cancelling ends the present job at the next tile and all later ones until resumed") {
  Team team(2);
  std::atomic<int> done{0}, when_cancelled{0};
  const auto job = [&] {
    team.parallel(1000000, [&](int64_t, int) {
      if (++done != 10) return;
      team.cancel();
      when_cancelled = done.load();
    });
  };
  CHECK(tests::ends_cancelled(job));
  CHECK(done <= when_cancelled + 1);  // the other thread was within a tile
  CHECK(team.cancelled());
  CHECK_THROWS_AS(team.parallel(1, [](int64_t, int) {}), Error);
  team.resume();
  team.parallel(1, [&](int64_t, int) { done = 0; });
  CHECK(done == 0);
}

TEST_CASE("another thread can cancel") {
  Team team(2);
  std::atomic<bool> started{false};
  std::thread other([&] {
    while (!started) std::this_thread::yield();
    team.cancel();
  });
  CHECK_THROWS_AS(team.parallel(int64_t{1} << 40, [&](int64_t, int) { started = true; }), Error);
  other.join();
}

TEST_CASE("two callers of one team take turns") {
  Team team(2);
  std::atomic<int64_t> sum{0};
  const auto work = [&] {
    for (int round = 0; round < 200; ++round) {
      team.parallel(10, [&](int64_t index, int) { sum += index; });
    }
  };
  std::thread other(work);
  work();
  other.join();
  CHECK(sum == 2 * 200 * 45);
}

TEST_CASE("a forked process works alone with a team of its parent's, and lets it go") {
  auto team = std::make_unique<Team>(3);
  std::atomic<int> done = 0;
  const auto work = [&](int64_t, int) { ++done; };
  team->parallel(50, work);
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    team->parallel(50, work);
    team.reset();
    _exit(done == 100 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(status == 0);
  team->parallel(50, work);
  CHECK(done == 100);
}

TEST_CASE("a team has from 1 to 1024 threads") {
  CHECK_THROWS_WITH_AS(Team(0), "threads: expected a number from 1 to 1024, found 0", Error);
  CHECK_THROWS_WITH_AS(Team(1025), "threads: expected a number from 1 to 1024, found 1025", Error);
}

}  // namespace
}  // namespace locus
