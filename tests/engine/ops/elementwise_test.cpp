#include "base/error.hpp"
#include "tests/engine/ops/support.hpp"

namespace locus {
namespace {

using tests::Padded;
using tests::relative_error;

constexpr std::array widths{int64_t{1},  int64_t{5},  int64_t{12},
                            int64_t{64}, int64_t{77}, int64_t{300}};

TEST_CASE("sums and factors equal the reference, in place and not") {
  for (int64_t width : widths) {
    Padded a = Padded::random(7, width, 3, 1);
    const Padded b = Padded::random(7, width, 2, 2);
    Padded found(7, width, 5);
    Padded expected(7, width, 0);
    ops::add(a.view(), b.view(), found.view());
    reference::add(a.view(), b.view(), expected.view());
    CHECK(tests::same_bits(found.constant(), expected.constant()));
    ops::scale(found.view(), 0.125f);
    reference::scale(expected.view(), 0.125f);
    CHECK(tests::same_bits(found.constant(), expected.constant()));
    CHECK(found.gaps_untouched());
    ops::add(a.view(), b.view(), a.view());
    ops::scale(a.view(), 0.125f);
    CHECK(tests::same_bits(a.constant(), found.constant()));
  }
}

TEST_CASE("every activation equals the reference on odd widths and strided rows") {
  for (Activation activation : tests::all_activations) {
    for (int64_t width : widths) {
      CAPTURE(static_cast<int>(activation));
      Padded found = Padded::random(7, width, 3, 3);
      Padded expected = Padded::random(7, width, 3, 3);
      const Padded up = Padded::random(7, width, 1, 4);
      ops::activate(found.view(), activation);
      reference::activate(expected.view(), activation);
      CHECK(relative_error(found.constant(), expected.constant()) < 1e-6);
      ops::activate_multiply(found.view(), up.view(), activation);
      reference::activate_multiply(expected.view(), up.view(), activation);
      CHECK(relative_error(found.constant(), expected.constant()) < 2e-6);
      CHECK(found.gaps_untouched());
    }
  }
}

TEST_CASE("activations follow the reference from -100 to 100 to a millionth of the value") {
  for (Activation activation : tests::all_activations) {
    CAPTURE(static_cast<int>(activation));
    Padded found(1, 20001, 0);
    for (int64_t i = 0; i <= 20000; ++i) found.view()(0, i) = static_cast<float>(i - 10000) / 100;
    Padded expected = found;
    ops::activate(found.view(), activation);
    reference::activate(expected.view(), activation);
    double worst = 0;
    for (int64_t i = 0; i <= 20000; ++i) {
      const double exact = expected.view()(0, i);
      const double gap = std::abs(found.view()(0, i) - exact);
      worst = std::max(worst, gap / std::max(1.0, std::abs(exact)));
    }
    CHECK(worst < 1e-6);
  }
}

TEST_CASE("the two GELUs differ by 4.73e-4 at most, near 2.70") {
  constexpr int64_t count = 80001;
  Padded exact(1, count, 0);
  for (int64_t i = 0; i < count; ++i) exact.view()(0, i) = static_cast<float>(i - 40000) / 10000;
  const Padded x = exact;
  Padded approximate = exact;
  ops::activate(exact.view(), Activation::gelu_erf);
  ops::activate(approximate.view(), Activation::gelu_tanh);
  double largest = 0;
  double where = 0;
  for (int64_t i = 0; i < count; ++i) {
    const double gap = std::abs(static_cast<double>(exact.view()(0, i)) - approximate.view()(0, i));
    if (gap > largest) {
      largest = gap;
      where = std::abs(x.view()(0, i));
    }
  }
  CHECK(largest == doctest::Approx(4.73e-4).epsilon(0.005));
  CHECK(where == doctest::Approx(2.70).epsilon(0.02));
}

TEST_CASE("the exact GELU has the values of x Phi(x)") {
  std::array<float, 5> x{-3, -1, 0, 1, 3};
  const std::array<double, 5> expected{-0.00404969, -0.15865525, 0, 0.84134475, 2.99595031};
  ops::activate(View(x.data(), {1, 5}), Activation::gelu_erf);
  for (int i = 0; i < 5; ++i) CHECK(std::abs(x[i] - expected[i]) < 5e-7);
}

TEST_CASE("activations have the names that checkpoints use") {
  CHECK(parse_activation("t", "gelu") == Activation::gelu_erf);
  CHECK(parse_activation("t", "gelu_new") == Activation::gelu_tanh);
  CHECK(parse_activation("t", "gelu_pytorch_tanh") == Activation::gelu_tanh);
  CHECK(parse_activation("t", "relu") == Activation::relu);
  CHECK(parse_activation("t", "silu") == Activation::silu);
  CHECK(parse_activation("t", "swish") == Activation::silu);
  CHECK(parse_activation("t", "tanh") == Activation::tanh);
  CHECK_THROWS_WITH_AS(parse_activation("hidden_act", "squareplus"),
                       doctest::Contains("hidden_act: expected an activation of"), Error);
}

}  // namespace
}  // namespace locus
