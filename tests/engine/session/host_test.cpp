// What a host may have set before it calls: results do not depend on it, and it stays.
#include <doctest/doctest.h>
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <xmmintrin.h>

#include <cfenv>
#include <clocale>
#include <cmath>
#include <cstdio>
#include <locale>
#include <string>
#include <vector>

#include "engine/session.hpp"
#include "tests/support/tiny_graph.hpp"

namespace locus::tests::host {
namespace {

constexpr uint32_t flush_to_zero = 0x8040;  // MXCSR: results, and operands

/// What a graph makes of some ids, from its making on. Its weights were drawn before.
std::vector<float> states(const TinyGraph& tiny) {
  Session session(std::make_shared<const Graph>(tiny.spec, tiny.weights, GraphOptions{.seed = 5}),
                  {.threads = 2});
  const auto ids = random_ids(40);
  session.encode(std::vector<Sequence>{{.ids = ids}});
  const std::vector<int64_t> rows{0, 20, 39};
  const ConstView logits = session.logits(rows);
  return {logits.data, logits.data + logits.count()};
}

const std::vector<std::string> encodings{"sinusoidal", "rope", "t5", "alibi+kerple"};

TEST_CASE("results do not depend on the host's rounding mode, which stays") {
  for (const std::string& encoding : encodings) {
    CAPTURE(encoding);
    const TinyGraph tiny = tiny_graph({.encoding = encoding});
    const auto expected = states(tiny);
    for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
      std::fesetround(mode);
      const auto found = states(tiny);
      const int after = std::fegetround();
      std::fesetround(FE_TONEAREST);
      CHECK(found == expected);
      CHECK(after == mode);
    }
  }
}

TEST_CASE("results do not depend on whether the host flushes subnormal numbers, or traps") {
  const TinyGraph tiny = tiny_graph({.encoding = "rope"});
  const uint32_t before = _mm_getcsr();
  const auto expected = states(tiny);
  _mm_setcsr(before | flush_to_zero);
  const auto found = states(tiny);
  CHECK((_mm_getcsr() & flush_to_zero) == flush_to_zero);
  _mm_setcsr(before);
  CHECK(found == expected);
  feenableexcept(FE_INVALID | FE_OVERFLOW);
  const auto trapping = states(tiny);
  CHECK(fegetexcept() == (FE_INVALID | FE_OVERFLOW));
  fedisableexcept(FE_ALL_EXCEPT);
  CHECK(trapping == expected);
}

TEST_CASE("the host's OpenMP threads stay what they were") {
  const int before = omp_get_max_threads();
  omp_set_num_threads(3);
  states(tiny_graph());
  CHECK(omp_get_max_threads() == 3);
  omp_set_num_threads(before);
}

TEST_CASE("the caller's signal mask stays, and the session's threads take no signal") {
  sigset_t before, after;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  const TinyGraph tiny = tiny_graph();
  Session session(std::make_shared<const Graph>(tiny.spec, tiny.weights), {.threads = 3});
  std::vector<int> blocked(3, 1);
  session.parallel(3000, [&](int64_t, int worker) {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    if (worker > 0) blocked[worker] = sigismember(&mask, SIGUSR1);
  });
  CHECK(blocked == std::vector<int>{1, 1, 1});
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (int signal = 1; signal < 32; ++signal) {
    CHECK(sigismember(&before, signal) == sigismember(&after, signal));
  }
}

struct Comma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

/// Everything that is written and read as text.
std::string texts() {
  const TinyGraph tiny = tiny_graph({.encoding = "rope:base=1234.5"});
  const std::string json = to_json(tiny.weights);
  return to_json(parse_json_weights("weights", json)) + to_json(tiny.spec);
}

TEST_CASE("numbers in texts do not depend on the host's locales, which stay") {
  const std::string expected = texts();
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Comma));
  CHECK(texts() == expected);
  std::locale::global(before);
  const char* comma = nullptr;
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "pt_BR.UTF-8"}) {
    if (!comma) comma = std::setlocale(LC_ALL, name);
  }
  if (!comma) std::puts("SKIPPED: a test needs a locale with a decimal comma, which is not here");
  CHECK(texts() == expected);
  std::setlocale(LC_ALL, "C");
}

}  // namespace
}  // namespace locus::tests::host
