#include <doctest/doctest.h>

#include "tests/support/encodings.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

std::vector<double> mixed(const std::string& parameters) {
  const auto encoding = encoding_of("weighted_mix:" + parameters, {.width = 4, .capacity = 8});
  const Tensor token({1, 4}, std::vector<float>{0.5f, -0.5f, 0.25f, 1});
  const Tensor result = embedded(*encoding, token.clone(), {1, 1, {}, 1});
  return {result.values().begin(), result.values().end()};
}

void check_added(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i] == doctest::Approx(expected[i]).epsilon(2e-7));
  }
}

GivenWeights unit_weight(int64_t width) {
  GivenWeights weights;
  weights.set("weight", {width}, std::vector<float>(width, 1.0f));
  return weights;
}

// The index that each of `count` positions gets, along a vector of ones.
Tensor indices(const std::string& parameters, SchemeContext context, int64_t count) {
  context.width = 1;
  GivenWeights weights = unit_weight(1);
  return table_of(*encoding_of(scheme_text("normalised_index", parameters), context, weights),
                  count, 1);
}

}  // namespace

TEST_CASE("the weighted mix has its known values at 1:1, 10:1 and 1:10") {
  check_added(mixed("a=1,b=1"), {1.3414710, 0.0403023, 0.2599998, 1.99995});
  check_added(mixed("a=10,b=1"), {5.8414710, -4.4596977, 2.5099998, 10.99995});
  check_added(mixed("a=1,b=10"), {8.9147098, 4.9030231, 0.3499983, 10.9995});
}

TEST_CASE("the weighted mix scales a stored table too") {
  GivenWeights weights;
  weights.set("table", {1, 2}, {3, 4});
  const auto encoding = encoding_of("weighted_mix:a=2,b=10", {.width = 2, .capacity = 8}, weights);
  const Tensor token({1, 2}, std::vector<float>{1, -1});
  const Tensor result = embedded(*encoding, token.clone(), {0, 1, {}, 1});
  CHECK(result.values()[0] == 32);
  CHECK(result.values()[1] == 38);
}

TEST_CASE("the normalised index of 31 positions steps by a thirtieth, of 91 by a ninetieth") {
  CHECK(indices("length=31", {}, 31).data()[1] == doctest::Approx(0.0333333).epsilon(1e-5));
  CHECK(indices("length=31", {}, 31).data()[30] == 1);
  CHECK(indices("length=91", {}, 91).data()[3] == doctest::Approx(0.0333333).epsilon(1e-5));
  CHECK(indices("length=91", {}, 91).data()[90] == 1);
}

TEST_CASE("the normalised index of a single token is 0") {
  CHECK(indices("length=actual", {}, 1).data()[0] == 0);
  CHECK(indices("length=1", {}, 1).data()[0] == 0);
}

TEST_CASE("the normalised index divides by the sequence's length only in encoders") {
  const SchemeContext causal{.causal = true, .capacity = 101}, encoder{.capacity = 101};
  CHECK(indices("", causal, 11).data()[10] == doctest::Approx(0.1));
  CHECK(indices("", encoder, 11).data()[10] == 1);
  CHECK(indices("length=actual", causal, 11).data()[10] == 1);
}

TEST_CASE("the normalised index moves tokens along its vector") {
  GivenWeights weights;
  weights.set("weight", {2}, {4, -8});
  const auto encoding = encoding_of("normalised_index:length=5", {.width = 2}, weights);
  const Tensor x({1, 2}, std::vector<float>{1, 1});
  const Tensor result = embedded(*encoding, x.clone(), {3, 1, {}, 1});
  CHECK(result.values()[0] == 1 + 3);
  CHECK(result.values()[1] == 1 - 6);
}

TEST_CASE("a learned table is looked up by position plus offset") {
  GivenWeights weights;
  weights.set("table", {4, 1}, {10, 20, 30, 40});
  const auto plain = encoding_of("learned", {.width = 1}, weights);
  CHECK(plain->max_length() == 4);
  CHECK(weights.taken() == 4);
  CHECK(table_of(*plain, 4, 1).data()[3] == 40);
  const auto shifted = encoding_of("learned:offset=2", {.width = 1}, weights);
  CHECK(shifted->max_length() == 2);
  CHECK(table_of(*shifted, 2, 1).data()[0] == 30);
  CHECK(table_of(*shifted, 2, 1).data()[1] == 40);
}

TEST_CASE(
    "a learned table that no checkpoint supplies has a row for each position and the offset") {
  GivenWeights weights;
  const auto encoding = encoding_of("learned:offset=2", {.width = 3, .capacity = 10}, weights);
  CHECK(encoding->max_length() == 10);
  CHECK(weights.taken() == 12 * 3);
}

TEST_CASE("positions outside a learned table are refused, and so are fractions") {
  GivenWeights weights;
  weights.set("table", {4, 1}, {10, 20, 30, 40});
  const auto encoding = encoding_of("learned", {.width = 1}, weights);
  CHECK_THROWS_WITH_AS(table_of(*encoding, 1, 1, 4),
                       "learned: expected whole positions from 0 to 3, found 4", Error);
  const std::vector<float> half{0.5f};
  CHECK_THROWS_WITH_AS(embedded(*encoding, Tensor({1, 1}), {0, 1, half, 1}),
                       "learned: expected whole positions from 0 to 3, found 0.5", Error);
}

TEST_CASE("positions that are given choose the rows of a learned table") {
  GivenWeights weights;
  weights.set("table", {4, 1}, {10, 20, 30, 40});
  const auto encoding = encoding_of("learned", {.width = 1}, weights);
  const std::vector<float> ids{3, 1, 1};
  const Tensor rows = embedded(*encoding, Tensor({3, 1}), {0, 3, ids, 1});
  CHECK(rows.values()[0] == 40);
  CHECK(rows.values()[1] == 20);
  CHECK(rows.values()[2] == 20);
}

TEST_CASE("hierarchical positions are a u[k div n] + (1 - a) u[k mod n], the first n unchanged") {
  constexpr int64_t n = 5, width = 3;
  constexpr double a = 0.4;
  const Tensor p = random_tensor({n + 2, width}, 21);  // two rows before position 0
  GivenWeights weights;
  weights.set("table", p.shape(), {p.values().begin(), p.values().end()});
  const auto encoding = encoding_of("hierarchical:offset=2", {.width = width}, weights);
  CHECK(encoding->max_length() == n * n);
  const auto u = [&](int64_t row, int64_t c) {
    return (p.view()(row + 2, c) - a * p.view()(2, c)) / (1 - a);
  };
  const Tensor found = table_of(*encoding, n * n, width);
  for (int64_t k = 0; k < n * n; ++k) {
    for (int64_t c = 0; c < width; ++c) {
      const double expected = a * u(k / n, c) + (1 - a) * u(k % n, c);
      CHECK(found.view()(k, c) == doctest::Approx(expected).epsilon(1e-6));
      if (k < n) CHECK(found.view()(k, c) == p.view()(k + 2, c));
    }
  }
}

TEST_CASE("hierarchical positions end at n^2, and a lies between 0 and 1") {
  GivenWeights weights;
  weights.set("table", {4, 1}, {10, 20, 30, 40});
  const auto encoding = encoding_of("hierarchical:a=0.3", {.width = 1}, weights);
  CHECK_THROWS_WITH_AS(table_of(*encoding, 1, 1, 16),
                       "hierarchical: expected whole positions from 0 to 15, found 16", Error);
  const std::vector<float> half{5.5f};
  CHECK_THROWS_WITH_AS(embedded(*encoding, Tensor({1, 1}), {0, 1, half, 1}),
                       "hierarchical: expected whole positions from 0 to 15, found 5.5", Error);
  for (const char* text : {"hierarchical:a=1", "hierarchical:a=0"}) {
    CHECK_THROWS_WITH_AS(encoding_of(text, {.width = 1}, weights),
                         doctest::Contains("hierarchical: expected a between 0 and 1"), Error);
  }
}
