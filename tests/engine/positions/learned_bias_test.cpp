// KERPLE and FIRE: hand values.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/encodings.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

const SchemeContext two_heads{.width = 8, .heads = 2, .head_size = 4, .capacity = 16};

GivenWeights kerple_weights() {
  GivenWeights weights;
  weights.set("amplitude", {2}, {0.5f, 1.5f}).set("rate", {2}, {2.0f, 0.5f});
  return weights;
}

// f(x) = 2 relu(x) + 0.5 for head 0 and -relu(x) + 5 relu(0.3 - x) for head 1; psi(x) = ln(1 + x),
// L = 4.
GivenWeights fire_weights() {
  GivenWeights weights;
  weights.set("up", {2}, {1, -1}).set("up_bias", {2}, {0, 0.3f});
  weights.set("down", {2, 2}, {2, 0, -1, 5}).set("down_bias", {2}, {0.5f, 0});
  weights.set("bend", {1}, {1}).set("threshold", {1}, {4});
  return weights;
}

double at(const Tensor& bias, int64_t head, int64_t query, int64_t key) {
  return bias.view()(head, query, key);
}

}  // namespace

TEST_CASE("KERPLE's logarithmic penalty is -a ln(1 + b |i - j|)") {
  GivenWeights weights = kerple_weights();
  const auto bias = bias_of(*encoding_of("kerple", two_heads, weights), 2, {0, 9, 0, 9});
  CHECK(at(bias, 0, 5, 2) == doctest::Approx(-0.9729551));  // -0.5 ln 7
  CHECK(at(bias, 1, 5, 2) == doctest::Approx(-1.3744361));  // -1.5 ln 2.5
  CHECK(at(bias, 1, 2, 5) == doctest::Approx(-1.3744361));
  CHECK(at(bias, 0, 4, 4) == 0);
}

TEST_CASE("KERPLE's power penalty is -a |i - j|^b") {
  GivenWeights weights = kerple_weights();
  const auto bias = bias_of(*encoding_of("kerple:form=power", two_heads, weights), 2, {0, 9, 0, 9});
  CHECK(at(bias, 0, 5, 2) == doctest::Approx(-4.5));  // -0.5 * 3^2
  CHECK(at(bias, 1, 5, 1) == doctest::Approx(-3));    // -1.5 * 4^0.5
  CHECK(at(bias, 1, 4, 4) == 0);
}

TEST_CASE("FIRE divides by the query's position from the threshold on") {
  GivenWeights weights = fire_weights();
  const auto bias = bias_of(*encoding_of("fire:hidden=2", two_heads, weights), 2, {0, 9, 0, 9});
  CHECK(at(bias, 0, 2, 0) == doctest::Approx(1.8652124));   // 2 ln 3 / ln 5 + 0.5
  CHECK(at(bias, 0, 4, 2) == doctest::Approx(1.8652124));   // the same distance at the threshold
  CHECK(at(bias, 0, 6, 2) == doctest::Approx(2.1541765));   // 2 ln 5 / ln 7 + 0.5
  CHECK(at(bias, 1, 8, 1) == doctest::Approx(-0.9463946));  // -ln 8 / ln 9
  CHECK(at(bias, 0, 7, 7) == doctest::Approx(0.5));
}

TEST_CASE("FIRE's lines are its network, before and past the threshold and the table") {
  GivenWeights weights;
  const Tensor up = random_tensor({12}, 1), up_bias = random_tensor({12}, 2),
               down = random_tensor({2, 12}, 3), down_bias = random_tensor({2}, 4);
  const auto copy = [](const Tensor& tensor) {
    return std::vector<float>(tensor.values().begin(), tensor.values().end());
  };
  std::vector<float> some_flat = copy(up);
  some_flat[5] = 0;  // a unit that no distance changes
  weights.set("up", {12}, some_flat).set("up_bias", {12}, copy(up_bias));
  weights.set("down", {2, 12}, copy(down)).set("down_bias", {2}, copy(down_bias));
  weights.set("bend", {1}, {0.3f}).set("threshold", {1}, {7.5f});
  const auto encoding = encoding_of("fire:hidden=12", two_heads, weights);
  const auto network = [&](int64_t head, double x) {
    double sum = down_bias.data()[head];
    for (int64_t unit = 0; unit < 12; ++unit) {
      const double hidden = static_cast<double>(some_flat[unit]) * x + up_bias.data()[unit];
      sum += down.view()(head, unit) * std::max(0.0, hidden);
    }
    return sum;
  };
  for (const Tile& tile : {Tile{0, 30, 0, 30}, Tile{20, 3, 0, 40}, Tile{0, 2, 5, 9}}) {
    const Tensor bias = bias_of(*encoding, 2, tile);
    for (int64_t head = 0; head < 2; ++head) {
      for (int64_t i = 0; i < tile.queries; ++i) {
        const auto query = static_cast<double>(tile.first_query + i);
        const double limit = std::log1p(0.3f * std::max(7.5, query)) + 1e-6;
        for (int64_t j = 0; j < tile.keys; ++j) {
          const double past = std::abs(query - static_cast<double>(tile.first_key + j));
          const double expected = network(head, std::log1p(0.3f * past) / limit);
          CHECK(bias.view()(head, i, j) == doctest::Approx(expected).epsilon(1e-5));
        }
      }
    }
  }
}
