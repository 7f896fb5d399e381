#include "tests/engine/ops/support.hpp"
#include "tests/support/failure.hpp"

namespace locus {
namespace {

using tests::check_shared;
using tests::ends_cancelled;
using tests::Padded;
using tests::relative_error;
using tests::same_bits;

ops::LinearWeights weights_of(const Padded& weight, const Padded& bias, Activation activation) {
  return {weight.view(), bias.view().row(0), activation, Precision::f32};
}

double error_of_linear(int64_t rows, int64_t inputs, int64_t outputs, Activation activation) {
  const Padded weight = Padded::random(outputs, inputs, 3, 2);
  const Padded bias = Padded::random(1, outputs, 0, 3);
  const Padded x = Padded::random(rows, inputs, 5, 4);
  Padded found(rows, outputs, 7);
  Padded expected(rows, outputs, 0);
  Team team(2);
  const ops::LinearWeights weights = weights_of(weight, bias, activation);
  ops::pack_linear(weights)->apply(x.view(), found.view(), team);
  reference::pack_linear(weights)->apply(x.view(), expected.view(), team);
  CHECK(found.gaps_untouched());
  return relative_error(found.view(), expected.view());
}

TEST_CASE("a packed linear map equals the reference on odd shapes and strided rows") {
  for (int64_t rows : {1, 2, 3, 7, 23, 64, 65, 130}) {
    for (int64_t inputs : {1, 5, 12, 60, 64, 77, 300}) {
      for (int64_t outputs : {1, 5, 12, 60, 64, 77, 300}) {
        CAPTURE(rows);
        CAPTURE(inputs);
        CAPTURE(outputs);
        CHECK(error_of_linear(rows, inputs, outputs, Activation::identity) < 1e-5);
      }
    }
  }
}

TEST_CASE("a packed linear map equals the reference where the depth is cut into pieces") {
  CHECK(error_of_linear(19, 1000, 100, Activation::identity) < 1e-5);
  CHECK(error_of_linear(300, 768, 200, Activation::gelu_erf) < 1e-5);
}

TEST_CASE("a packed linear map applies every activation") {
  for (Activation activation : tests::all_activations) {
    CAPTURE(static_cast<int>(activation));
    CHECK(error_of_linear(23, 60, 77, activation) < 1e-5);
    CHECK(error_of_linear(1, 300, 48, activation) < 1e-5);
  }
}

TEST_CASE("a linear map without a bias adds nothing") {
  const Padded weight = Padded::random(5, 12, 0);
  const Padded x = Padded::random(3, 12, 0);
  Padded found(3, 5, 0);
  Padded expected(3, 5, 0);
  Team team(1);
  const ops::LinearWeights weights{weight.view(), {}, Activation::identity, Precision::f32};
  ops::pack_linear(weights)->apply(x.view(), found.view(), team);
  reference::multiply_transposed(x.view(), weight.view(), expected.view());
  CHECK(relative_error(found.view(), expected.view()) < 1e-6);
}

TEST_CASE("a linear map of no rows does nothing") {
  const Padded weight = Padded::random(5, 12, 0);
  Team team(2);
  const ops::LinearWeights weights{weight.view(), {}, Activation::identity, Precision::f32};
  ops::pack_linear(weights)->apply(ConstView(nullptr, {0, 12}), View(nullptr, {0, 5}), team);
}

TEST_CASE("a linear map gives the same bits for any number of threads") {
  const Padded weight = Padded::random(3100, 768, 0, 2);
  const Padded bias = Padded::random(1, 3100, 0, 3);
  const auto linear = ops::pack_linear(weights_of(weight, bias, Activation::gelu_erf));
  for (int64_t rows : {1, 16, 150}) {
    const Padded x = Padded::random(rows, 768, 0, 4);
    Padded one(rows, 3100, 0);
    Team alone(1);
    linear->apply(x.view(), one.view(), alone);
    for (int threads : {2, 3}) {
      Padded many(rows, 3100, 0);
      Team team(threads);
      linear->apply(x.view(), many.view(), team);
      CHECK(same_bits(many.constant(), one.constant()));
    }
  }
}

TEST_CASE("a row has the same bits alone and in a batch") {
  const Padded weight = Padded::random(130, 500, 0, 2);
  const Padded bias = Padded::random(1, 130, 0, 3);
  const auto linear = ops::pack_linear(weights_of(weight, bias, Activation::silu));
  const Padded x = Padded::random(29, 500, 0, 4);
  Padded batch(29, 130, 0);
  Padded alone(29, 130, 0);
  Team team(2);
  linear->apply(x.view(), batch.view(), team);
  for (int64_t m = 0; m < 29; ++m) {
    linear->apply(x.constant().slice(0, m, m + 1), alone.view().slice(0, m, m + 1), team);
  }
  CHECK(same_bits(batch.constant(), alone.constant()));
}

TEST_CASE("two threads share a packed linear map") {
  const Padded weight = Padded::random(200, 300, 0, 2);
  const Padded bias = Padded::random(1, 200, 0, 3);
  const auto linear = ops::pack_linear(weights_of(weight, bias, Activation::relu));
  const Padded x = Padded::random(40, 300, 0, 4);
  Padded expected(40, 200, 0);
  Team team(1);
  linear->apply(x.view(), expected.view(), team);
  check_shared(*linear, x, expected);
}

TEST_CASE("a cancelled team ends a linear map with the error of cancellation") {
  const Padded weight = Padded::random(200, 300, 0, 2);
  const auto linear = ops::pack_linear({weight.view(), {}, Activation::identity, Precision::f32});
  const Padded x = Padded::random(40, 300, 0, 4);
  Padded y(40, 200, 0);
  Team team(2);
  team.cancel();
  CHECK(ends_cancelled([&] { linear->apply(x.view(), y.view(), team); }));
}

TEST_CASE("a packed linear map reports its sizes") {
  const Padded weight = Padded::random(100, 64, 0);
  const auto linear = ops::pack_linear({weight.view(), {}, Activation::identity, Precision::f32});
  CHECK(linear->inputs() == 64);
  CHECK(linear->outputs() == 100);
  CHECK(linear->precision() == Precision::f32);
  CHECK(linear->bytes() >= 100 * 64 * 4);
  CHECK(linear->bytes() < 120 * 64 * 4 + 1024);
}

}  // namespace
}  // namespace locus
