// What is kept between the steps of decoding, where memory runs out in the middle of a change.
#include "engine/session/key_value_cache.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <fstream>
#include <new>

namespace locus::tests::key_value_caches {
namespace {

using session::KeyValueCache;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool instrumented = true;  // needs more addresses than a limit leaves
#else
constexpr bool instrumented = false;
#endif

constexpr int64_t many = int64_t{16} << 20;  // rows of one value: 64 MiB

/// Runs `action` where there is room for so many bytes more; false where they did not do.
bool done_within(int64_t bytes, const auto& action) {
  rlimit own;
  getrlimit(RLIMIT_AS, &own);
  int64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  rlimit little = own;
  little.rlim_cur = static_cast<rlim_t>(pages * 4096 + bytes);
  setrlimit(RLIMIT_AS, &little);
  bool done = true;
  try {
    action();
  } catch (const std::bad_alloc&) {
    done = false;
  }
  setrlimit(RLIMIT_AS, &own);
  return done;
}

TEST_CASE("keys and values grow together, or not at all" * doctest::skip(instrumented)) {
  KeyValueCache cache;
  cache.reserve(0, 2, 1, 0).keys.data()[1] = 5;
  CHECK_FALSE(done_within(many * 6, [&] { cache.reserve(0, many, 1, 2); }));  // keys alone fit
  const auto& slot = cache.reserve(0, 2, 1, 2);
  CHECK(slot.keys.shape() == slot.values.shape());
  CHECK(slot.keys.data()[1] == 5);
  const auto& larger = cache.reserve(0, many, 1, 2);
  CHECK(larger.values.count() == many);
  CHECK(larger.keys.data()[1] == 5);
}

TEST_CASE("sequences become others together, or not at all" * doctest::skip(instrumented)) {
  KeyValueCache cache;
  cache.reserve(0, many, 1, 0).values.data()[many - 1] = 5;
  cache.reserve(1, 2, 1, 0).values.data()[1] = 6;
  const std::vector<int64_t> parents{1, 0, 0}, rows{many, 2};
  CHECK_FALSE(done_within(many * 6, [&] { cache.become(cache.children(parents, rows)); }));
  CHECK(cache.reserve(0, many, 1, many).values.data()[many - 1] == 5);
  CHECK(cache.reserve(1, 2, 1, 2).values.data()[1] == 6);
  cache.become(cache.children(parents, rows));
  CHECK(cache.reserve(0, 2, 1, 2).values.data()[1] == 6);
  CHECK(cache.reserve(1, many, 1, many).values.data()[many - 1] == 5);
  CHECK(cache.reserve(2, many, 1, many).values.data()[many - 1] == 5);
}

}  // namespace
}  // namespace locus::tests::key_value_caches
