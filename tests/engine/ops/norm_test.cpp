#include "tests/engine/ops/support.hpp"

namespace locus {
namespace {

using tests::Padded;
using tests::relative_error;

constexpr std::array norm_widths{int64_t{1},  int64_t{5},  int64_t{12},  int64_t{16}, int64_t{60},
                                 int64_t{64}, int64_t{77}, int64_t{300}, int64_t{768}};

ops::NormWeights weights_of(ops::NormKind kind, const Padded& gain, const Padded& bias) {
  return {kind, gain.view().row(0), bias.view().row(0), 1e-5f};
}

TEST_CASE("norms equal the reference on odd norm_widths and strided rows") {
  for (ops::NormKind kind : {ops::NormKind::layer, ops::NormKind::rms}) {
    for (int64_t width : norm_widths) {
      CAPTURE(width);
      const Padded gain = Padded::random(1, width, 0, 2);
      const Padded bias = Padded::random(1, width, 0, 3);
      Padded x = Padded::random(7, width, 3, 4);
      Padded found(7, width, 5);
      Padded expected(7, width, 0);
      reference::norm(x.constant(), expected.view(), weights_of(kind, gain, bias));
      ops::norm(x.constant(), found.view(), weights_of(kind, gain, bias));
      CHECK(relative_error(found.constant(), expected.constant()) < 1e-5);
      CHECK(found.gaps_untouched());
      ops::norm(x.constant(), x.view(), weights_of(kind, gain, bias));
      CHECK(tests::same_bits(x.constant(), found.constant()));
    }
  }
}

TEST_CASE("a norm without gain and bias leaves the normalised row") {
  const Padded x = Padded::random(3, 77, 0);
  for (ops::NormKind kind : {ops::NormKind::layer, ops::NormKind::rms}) {
    Padded found(3, 77, 0);
    Padded expected(3, 77, 0);
    ops::norm(x.view(), found.view(), {kind, {}, {}, 1e-6f});
    reference::norm(x.view(), expected.view(), {kind, {}, {}, 1e-6f});
    CHECK(relative_error(found.constant(), expected.constant()) < 1e-6);
  }
}

TEST_CASE("the norm of a sum keeps the sum and equals sum and norm one after the other") {
  for (int64_t width : norm_widths) {
    const Padded gain = Padded::random(1, width, 0, 2);
    const Padded bias = Padded::random(1, width, 0, 3);
    const ops::NormWeights weights = weights_of(ops::NormKind::layer, gain, bias);
    Padded a = Padded::random(5, width, 1, 4);
    const Padded b = Padded::random(5, width, 2, 5);
    Padded sum(5, width, 3);
    Padded found(5, width, 4);
    Padded expected_sum(5, width, 0);
    Padded expected(5, width, 0);
    ops::add_norm(a.view(), b.view(), sum.view(), found.view(), weights);
    reference::add_norm(a.view(), b.view(), expected_sum.view(), expected.view(), weights);
    CHECK(tests::same_bits(sum.constant(), expected_sum.constant()));
    CHECK(relative_error(found.constant(), expected.constant()) < 1e-5);
    ops::add_norm(a.view(), b.view(), a.view(), a.view(), weights);
    CHECK(tests::same_bits(a.constant(), found.constant()));
  }
}

TEST_CASE("epsilon stands inside the root: an input of a thousandth shows which it is") {
  for (const auto& [epsilon, expected] : {std::pair{1e-12f, 0.9999995}, {1e-5f, 0.3015113}}) {
    const std::array<float, 4> x{1e-3f, -1e-3f, 1e-3f, -1e-3f};
    std::array<float, 4> y{};
    ops::norm(ConstView(x.data(), {1, 4}), View(y.data(), {1, 4}),
              {ops::NormKind::layer, {}, {}, epsilon});
    for (int i = 0; i < 4; ++i) {
      CHECK(y[i] == doctest::Approx(i % 2 ? -expected : expected).epsilon(1e-7));
    }
  }
}

TEST_CASE("a layer norm survives a mean that dwarfs the spread") {
  Padded x = Padded::random(2, 300, 0);
  for (int64_t m = 0; m < 2; ++m) {
    for (float& value : x.view().row(m)) value = std::round(value * 64) / 64 + 1000;
  }
  Padded found(2, 300, 0);
  Padded expected(2, 300, 0);
  ops::norm(x.constant(), found.view(), {ops::NormKind::layer, {}, {}, 1e-5f});
  reference::norm(x.constant(), expected.view(), {ops::NormKind::layer, {}, {}, 1e-5f});
  CHECK(relative_error(found.constant(), expected.constant()) < 1e-4);
}

}  // namespace
}  // namespace locus
