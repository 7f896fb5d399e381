// Transformer-XL's score and the projected concatenation, against their papers' formulas.
#include <doctest/doctest.h>

#include "tests/support/encodings.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

constexpr int64_t width = 6, heads = 2, head_size = 3;
const SchemeContext sizes{.width = width, .heads = heads, .head_size = head_size, .capacity = 16};

struct Given {
  Tensor u = random_tensor({heads, head_size}, 1, 0.7f);
  Tensor v = random_tensor({heads, head_size}, 2, 0.7f);
  Tensor projection = random_tensor({heads * head_size, width}, 3, 0.7f);

  EncodingPointer encoding(const std::string& text = "transformer_xl",
                           const std::vector<float>& frequencies = {}) const {
    GivenWeights weights;
    if (!frequencies.empty()) weights.set("frequencies", {width / 2}, frequencies);
    const auto values = [](const Tensor& tensor) {
      return std::vector<float>(tensor.values().begin(), tensor.values().end());
    };
    weights.set("content_bias", u.shape(), values(u))
        .set("position_bias", v.shape(), values(v))
        .set("projection", projection.shape(), values(projection));
    return encoding_of(text, sizes, weights);
  }
};

// R_n: sines of the first half of the columns, cosines of the second (Dai et al. 2019,
// section 3.3).
double sinusoid(double distance, int64_t column) {
  const int64_t pair = column % (width / 2);
  const double angle = distance / std::pow(10000.0, 2.0 * static_cast<double>(pair) / width);
  return column < width / 2 ? std::sin(angle) : std::cos(angle);
}

}  // namespace

TEST_CASE("Transformer-XL tells no distances apart from clamp on, in tables and beyond") {
  const Given given;
  const auto clamped = given.encoding("transformer_xl:clamp=3");
  Tensor q = random_tensor({heads, 1, head_size}, 4), k({heads, 40, head_size});
  const auto found = scored(*clamped, q, k, {39, 1, 0, 40}, 0.5f);
  const auto plain = scored(*given.encoding(), q, k, {39, 1, 0, 40}, 0.5f);
  for (int64_t h = 0; h < heads; ++h) {
    for (int64_t j = 0; j < 40; ++j) {
      const float expected = plain.view()(h, 0, std::max<int64_t>(j, 36));
      CHECK(found.view()(h, 0, j) == doctest::Approx(expected).epsilon(1e-5));
    }
  }
}

TEST_CASE("Transformer-XL's stored frequencies win over the formula") {
  const Given given;
  const Tensor q = random_tensor({heads, 2, head_size}, 4), k({heads, 9, head_size});
  const auto score = [&](const std::vector<float>& frequencies) {
    const auto encoding = given.encoding("transformer_xl", frequencies);
    return scored(*encoding, q, k, {7, 2, 0, 9}, 0.5f).view()(1, 0, 2);
  };
  std::vector<float> frequencies;
  for (int pair = 0; pair < width / 2; ++pair) {
    frequencies.push_back(static_cast<float>(std::pow(10000.0, -2.0 * pair / width)));
  }
  CHECK(score(frequencies) == doctest::Approx(score({})).epsilon(1e-5));
  frequencies[1] *= 2;
  CHECK(score(frequencies) != doctest::Approx(score({})).epsilon(1e-2));
}

TEST_CASE("Transformer-XL adds u.k, q.W R(i - j) and v.W R(i - j), all scaled alike") {
  const Given given;
  const float scale = 0.577f;
  Tensor q = random_tensor({heads, 4, head_size}, 4), k = random_tensor({heads, 7, head_size}, 5);
  const auto found = scored(*given.encoding(), q, k, {3, 4, 0, 7}, scale);
  for (int64_t h = 0; h < heads; ++h) {
    for (int64_t i = 0; i < 4; ++i) {
      for (int64_t j = 0; j < 7; ++j) {
        double expected = 0;
        for (int64_t c = 0; c < head_size; ++c) {
          expected += scale * given.u.view()(h, c) * k.view()(h, j, c);
          double row = 0;
          for (int64_t e = 0; e < width; ++e) {
            row += given.projection.view()(h * head_size + c, e) *
                   sinusoid(static_cast<double>(3 + i - j), e);
          }
          expected += (q.view()(h, i, c) + scale * given.v.view()(h, c)) * row;
        }
        CHECK(found.view()(h, i, j) == doctest::Approx(expected).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("a concatenation is W1 x + W2 E, and at the identity the plain sum") {
  const Tensor first = random_tensor({width, width}, 6), second = random_tensor({width, width}, 7);
  const Tensor x = random_tensor({3, width}, 8);
  GivenWeights weights;
  weights.set("tokens", {width, width}, {first.values().begin(), first.values().end()})
      .set("positions", {width, width}, {second.values().begin(), second.values().end()});
  const auto found = embedded(*encoding_of("concatenation:layout=halves", sizes, weights),
                              x.clone(), {2, 3, {}, 1});
  for (int64_t t = 0; t < 3; ++t) {
    for (int64_t n = 0; n < width; ++n) {
      double expected = 0;
      for (int64_t c = 0; c < width; ++c) {
        expected += first.view()(n, c) * x.view()(t, c) +
                    second.view()(n, c) * sinusoid(static_cast<double>(2 + t), c);
      }
      CHECK(found.view()(t, n) == doctest::Approx(expected).epsilon(1e-5));
    }
  }
}
