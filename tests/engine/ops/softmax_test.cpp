#include <limits>

#include "tests/engine/ops/support.hpp"

namespace locus {
namespace {

using tests::Padded;

constexpr float infinity = std::numeric_limits<float>::infinity();

TEST_CASE("softmax equals the reference on every range of a row and hides the rest") {
  for (int64_t width : {1, 5, 12, 60, 77, 300}) {
    for (int64_t begin : {int64_t{0}, width / 3, width}) {
      for (int64_t end : {begin, begin + (width - begin) / 2, width}) {
        CAPTURE(width);
        CAPTURE(begin);
        CAPTURE(end);
        Padded found = Padded::random(1, width, 0);
        Padded expected = Padded::random(1, width, 0);
        ops::softmax(found.view().row(0), {begin, end});
        reference::softmax(expected.view().row(0), {begin, end});
        for (int64_t i = 0; i < width; ++i) {
          const double exact = expected.view()(0, i);
          CHECK(std::abs(found.view()(0, i) - exact) <= 2e-6 * exact);
        }
      }
    }
  }
}

TEST_CASE("softmax of an empty range is all zero") {
  std::array<float, 3> row{1, 2, 3};
  ops::softmax(row, {2, 2});
  CHECK(row == std::array<float, 3>{0, 0, 0});
}

TEST_CASE("softmax takes values of any size and minus infinity") {
  std::array<float, 4> large{3e38f, 3e38f, -3e38f, -infinity};
  ops::softmax(large, {0, 4});
  CHECK(large == std::array<float, 4>{0.5f, 0.5f, 0, 0});
  std::array<float, 3> hidden{-infinity, -infinity, -infinity};
  ops::softmax(hidden, {0, 3});
  CHECK(hidden == std::array<float, 3>{0, 0, 0});
  std::array<float, 2> far{-1e4f, 0};
  ops::softmax(far, {0, 2});
  CHECK(far == std::array<float, 2>{0, 1});
}

TEST_CASE("softmax over thousands of keys still sums to one") {
  std::vector<float> row(20000, 1.0f);
  ops::softmax(row, {0, 20000});
  double sum = 0;
  for (float value : row) sum += value;
  CHECK(std::abs(sum - 1) < 1e-6);
}

TEST_CASE("the logarithm of a sum of exponentials equals the reference") {
  for (int64_t width : {1, 5, 60, 511, 513, 30522}) {
    const Padded x = Padded::random(1, width, 0);
    CAPTURE(width);
    CHECK(std::abs(ops::log_sum_exp(x.view().row(0)) - reference::log_sum_exp(x.view().row(0))) <
          5e-7);
  }
}

TEST_CASE("the logarithm of a sum of exponentials takes values of any size") {
  const std::array<float, 3> large{1e30f, -1e30f, -infinity};
  CHECK(ops::log_sum_exp(large) == 1e30f);
  CHECK(ops::log_sum_exp(std::array<float, 2>{-infinity, -infinity}) == -infinity);
  CHECK(ops::log_sum_exp({}) == -infinity);
  const std::array<float, 2> equal{1000, 1000};
  CHECK(ops::log_sum_exp(equal) == doctest::Approx(1000 + std::log(2.0)).epsilon(1e-12));
}

}  // namespace
}  // namespace locus
