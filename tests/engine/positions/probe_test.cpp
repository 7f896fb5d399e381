#include "engine/position_probe.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"
#include "tests/support/encodings.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

const SchemeContext probe_context{.width = 8, .heads = 2, .head_size = 4, .capacity = 16};
const Probe probe{.length = 5, .width = 8, .heads = 2, .head_size = 4};

// Turns queries' signs, and leaves keys as they are.
class Turning final : public PositionalEncoding {
 public:
  void rotate(View heads, Role role, const Block&) const override {
    if (role != Role::query) return;
    for (int64_t head = 0; head < heads.size(0); ++head) {
      for (int64_t row = 0; row < heads.size(1); ++row) {
        for (float& value : heads[head].row(row)) value = -value;
      }
    }
  }
};

}  // namespace

TEST_CASE("the probe rotates queries as queries and keys as keys") {
  const Turning turning;
  CHECK(rotated_rows(turning, probe, Role::query).view()(4, 0) == -0.5F);
  CHECK(rotated_rows(turning, probe).view()(4, 0) == 0.5F);
  const Tensor decay = rotation_decay(turning, probe);
  CHECK(decay.values()[3] == doctest::Approx(-1));
  CHECK(proximity(turning, probe).view()(1, 3) == doctest::Approx(-1));
  CHECK_THROWS_WITH_AS(inner_products(Tensor({2, 4}), Tensor({3, 5})),
                       "inner products: expected rows of 4 values, found 5", Error);
}

TEST_CASE("the probe's rows are what embed adds") {
  const Tensor rows = added_rows(*encoding_of("sinusoidal", probe_context), probe);
  CHECK(rows.shape() == Shape{5, 8});
  CHECK(rows.view()(3, 0) == doctest::Approx(std::sin(3.0)));
  const Tensor nothing = added_rows(*encoding_of("alibi", probe_context), probe);
  for (float value : nothing.values()) CHECK(value == 0);
}

TEST_CASE("the probe's inner products are symmetric with squared norms on the diagonal") {
  const Tensor rows = added_rows(*encoding_of("sinusoidal", probe_context), probe);
  const Tensor products = inner_products(rows, rows);
  CHECK(products.shape() == Shape{5, 5});
  CHECK(products.view()(2, 2) == doctest::Approx(4));
  double expected = 0;
  for (int pair = 0; pair < 4; ++pair) expected += std::cos(3 * std::pow(10.0, -pair));
  CHECK(products.view()(1, 4) == doctest::Approx(expected));
  CHECK(products.view()(4, 1) == products.view()(1, 4));
}

TEST_CASE("what the probe sees of long texts is what it sees of short ones, and can be given up") {
  for (const char* scheme : {"sinusoidal", "rope", "alibi", "t5", "learned", "normalised_index"}) {
    CAPTURE(scheme);
    constexpr int64_t length = 70000;  // several parts, of rows and of scores
    const SchemeContext context{.width = 8, .heads = 2, .head_size = 4, .capacity = length};
    const auto encoding = encoding_of(scheme, context);
    int calls = 0;
    Probe asked{.length = length, .width = 8, .heads = 2, .head_size = 4};
    asked.check = [&calls] { ++calls; };
    const Tensor rows = added_rows(*encoding, asked), turned = rotated_rows(*encoding, asked);
    const Tensor bias = score_bias(*encoding, asked);
    CHECK(calls > 6);
    Tensor whole({length, 8}), heads({1, length, 4});
    std::ranges::fill(heads.values(), 0.5F);
    Scratch scratch;
    const Positions all{0, length, {}, 1};
    encoding->embed(whole.view(), {all, all, 0, length, 1, scratch});
    encoding->rotate(heads.view(), Role::key, {all, all, 0, length, 1, scratch});
    CHECK(std::ranges::equal(rows.values(), whole.values()));
    CHECK(std::ranges::equal(turned.values(), heads.values()));
    const Tensor q({2, 1, 4}), k({2, length, 4});
    Tensor s({2, 1, length});
    encoding->score(s.view(), q.view(), k.view(),
                    {all.slice(length - 1, length), all, 0, length, 1, scratch});
    for (int64_t head = 0; head < 2; ++head) {
      CHECK(std::ranges::equal(bias.view().row(head).first(length), s.view()[head].row(0)));
    }
    asked.check = [&calls] {
      if (--calls == 0) throw Error::cancellation();
    };
    calls = 2;
    CHECK_THROWS_WITH_AS(added_rows(*encoding, asked), "run: cancelled", Error);
    calls = 3;
    CHECK_THROWS_WITH_AS(inner_products(Tensor({5000, 8}), Tensor({5000, 8}), asked.check),
                         "run: cancelled", Error);
  }
}

TEST_CASE("the probe's bias runs from the farthest earlier key to the farthest later one") {
  const Tensor bias = score_bias(*encoding_of("alibi:form=causal", probe_context), probe);
  CHECK(bias.shape() == Shape{2, 9});
  for (int64_t column = 0; column < 9; ++column) {
    CHECK(bias.view()(0, column) == doctest::Approx(0.0625 * static_cast<double>(column - 4)));
    CHECK(bias.view()(1, column) == doctest::Approx(0.00390625 * static_cast<double>(column - 4)));
  }
}

TEST_CASE("the probe's decay is the mean cosine of the pairs' angles") {
  const Tensor decay = rotation_decay(*encoding_of("rope", probe_context), probe);
  CHECK(decay.shape() == Shape{5});
  for (int64_t n = 0; n < 5; ++n) {
    const double distance = static_cast<double>(n);
    CHECK(decay.values()[n] ==
          doctest::Approx((std::cos(distance) + std::cos(distance / 100)) / 2));
  }
  const Tensor constant = rotation_decay(*encoding_of("t5", probe_context), probe);
  for (float value : constant.values()) CHECK(value == doctest::Approx(1));
}

TEST_CASE("the probe's response shows vectors by distance that a bias does not") {
  const auto nezha = encoding_of("nezha:clip=2", probe_context);
  const Tensor bias = score_bias(*nezha, probe);
  for (float value : bias.values()) CHECK(value == 0);
  const Tensor response = score_response(*nezha, probe);
  // distance 0 is row 2 of a sinusoid of width 4
  const double row = std::sin(2.0) + std::cos(2.0) + std::sin(0.02) + std::cos(0.02);
  CHECK(response.view()(0, 4) == doctest::Approx(row / 2));
}

TEST_CASE("the probe refuses more positions than an encoding has") {
  CHECK_THROWS_WITH_AS(
      added_rows(*encoding_of("learned", probe_context), {.length = 17, .width = 8}),
      "position: expected a length from 1 to 16, found 17", Error);
}
