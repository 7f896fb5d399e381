#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/encodings.hpp"
#include "tests/support/peer_vectors.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

// x of one head at one position, turned.
std::vector<float> turned(const std::string& parameters, int64_t position, std::vector<float> x,
                          Role role = Role::query) {
  const auto d = static_cast<int64_t>(x.size());
  const auto encoding =
      encoding_of(scheme_text("rope", parameters), {.heads = 1, .head_size = d, .capacity = 16});
  const Tensor result = rotated(*encoding, Tensor({1, 1, d}, x), position, role);
  return {result.values().begin(), result.values().end()};
}

double product(int64_t m, int64_t n) {
  const auto q = turned("", m, {1, 2}), k = turned("", n, {3, -1}, Role::key);
  return static_cast<double>(q[0]) * k[0] + static_cast<double>(q[1]) * k[1];
}

void check_values(const std::vector<float>& found, const std::vector<double>& expected,
                  double tolerance = 1e-6) {
  REQUIRE(found.size() >= expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(found[i] - expected[i]) <= tolerance);
  }
}

}  // namespace

TEST_CASE("the product of a rotated query and key depends on their distance alone") {
  CHECK(product(0, 0) == doctest::Approx(1));
  CHECK(product(1, 0) == doctest::Approx(-5.3499946));
  CHECK(product(0, 1) == doctest::Approx(6.4305992));
  CHECK(product(5, 3) == doctest::Approx(-6.7812288));
  CHECK(product(105, 103) == doctest::Approx(-6.7812288));
}

TEST_CASE("the two pairings of RoPE are two rotations") {
  check_values(turned("", 3, {1, 2, 3, 4}), {-1.2722325, -1.8388650, 2.8786681, 4.0881866});
  check_values(turned("pairing=interleaved", 3, {1, 2, 3, 4}),
               {-1.2722325, -1.8388650, 2.8786681, 4.0881866});
  check_values(turned("pairing=half", 3, {1, 2, 3, 4}),
               {-1.4133525, 1.8791181, -2.8288575, 4.0581911});
}

TEST_CASE("a stored table of angles wins over the formula, which goes on after it") {
  GivenWeights weights;
  weights.set("table", {2, 2}, {0, 1, 0.6f, 0.8f});  // sines, then cosines
  const auto encoding = encoding_of("rope", {.heads = 1, .head_size = 2, .capacity = 8}, weights);
  const auto at = [&](int64_t position) {
    const std::vector<float> x = {1, 2};
    const Tensor result = rotated(*encoding, Tensor({1, 1, 2}, x), position, Role::query);
    return std::vector<float>(result.values().begin(), result.values().end());
  };
  check_values(at(1), {1 * 0.8 - 2 * 0.6, 1 * 0.6 + 2 * 0.8});
  check_values(at(2), {std::cos(2.0) - 2 * std::sin(2.0), std::sin(2.0) + 2 * std::cos(2.0)});
}

TEST_CASE("stored frequencies win over the formula, at every position") {
  GivenWeights weights;
  weights.set("frequencies", {2}, {0.75f, 0.125f});
  const SchemeContext context{.heads = 1, .head_size = 4, .capacity = 8};
  const auto encoding = encoding_of("rope", context, weights);
  const std::vector<float> x = {1, 0, 0, 1};
  for (const int64_t position : {3, 200}) {  // in the table and beyond it
    const auto angle = static_cast<double>(position);
    const Tensor result = rotated(*encoding, Tensor({1, 1, 4}, x), position, Role::query);
    check_values({result.values().begin(), result.values().end()},
                 {std::cos(0.75 * angle), std::sin(0.75 * angle), -std::sin(0.125 * angle),
                  std::cos(0.125 * angle)});
  }
  CHECK_THROWS_AS(encoding_of("rope:scaling=linear,factor=2,original=4", context, weights), Error);
}

TEST_CASE("permuted rows turn one pairing into the other, for each key head by itself") {
  const int64_t heads = 3, d = 6;  // key heads, as many as there are: not the queries' number
  const SchemeContext context{.heads = 6, .head_size = d, .capacity = 16};
  const Tensor x = random_tensor({heads, 4, d}, 3);
  Tensor permuted(x.shape());
  const auto half_of = [](int64_t c) {
    return c / 2 + (c % 2) * (d / 2);
  };  // 2k -> k, 2k+1 -> k+d/2
  for (int64_t h = 0; h < heads; ++h) {
    for (int64_t t = 0; t < 4; ++t) {
      for (int64_t c = 0; c < d; ++c) permuted.view()(h, t, half_of(c)) = x.view()(h, t, c);
    }
  }
  const Tensor a = rotated(*encoding_of("rope", context), x.clone(), 2, Role::key);
  const Tensor b =
      rotated(*encoding_of("rope:pairing=half", context), permuted.clone(), 2, Role::key);
  for (int64_t h = 0; h < heads; ++h) {
    for (int64_t t = 0; t < 4; ++t) {
      for (int64_t c = 0; c < d; ++c) CHECK(a.view()(h, t, c) == b.view()(h, t, half_of(c)));
    }
  }
}

TEST_CASE("keys turn like queries, values only when they are told to") {
  const std::vector<float> x{1, 2, 3, 4};
  CHECK(turned("", 3, x, Role::key) == turned("", 3, x, Role::query));
  CHECK(turned("", 3, x, Role::value) == x);
  CHECK(turned("rotate_value=true", 3, x, Role::value) == turned("", 3, x, Role::query));
  // transformers' RoFormerSelfAttention.apply_rotary_position_embeddings, value at position 2
  check_values(turned("rotate_value=true", 2, {0.5f, -1, 2, 0.25f}, Role::value),
               {0.7012240, 0.8707955, 1.9946006, 0.2899470}, 1e-6);
}

TEST_CASE("a part of each head may stay as it is") {
  const std::vector<float> x{1, 2, 3, 4, 5, 6, 7, 8};
  const auto quarter = turned("fraction=0.5", 3, x);
  check_values(quarter, {-1.2722325, -1.8388650, 2.8786681, 4.0881866, 5, 6, 7, 8});
  CHECK(turned("dimensions=4", 3, x) == quarter);
  // GPT-NeoX: the first quarter of each head, in halves
  check_values(
      turned("fraction=0.25,pairing=half", 3, x),
      {std::cos(3.0) - 2 * std::sin(3.0), std::sin(3.0) + 2 * std::cos(3.0), 3, 4, 5, 6, 7, 8});
}

TEST_CASE("the base is a parameter") {
  const auto local = turned("base=160000", 3, {1, 0, 1, 0});
  check_values(local, {std::cos(3.0), std::sin(3.0), std::cos(3.0 / 400), std::sin(3.0 / 400)});
}

TEST_CASE("angles are exact at positions that a narrow type cannot hold") {
  for (const int64_t position : {257, 4097, 100003}) {
    const auto p = static_cast<double>(position);
    check_values(turned("", position, {1, 0, 1, 0}),
                 {std::cos(p), std::sin(p), std::cos(p / 100), std::sin(p / 100)}, 1e-6);
  }
}

TEST_CASE("positions that are given turn by their values, fractions included") {
  const auto encoding = encoding_of("rope", {.heads = 1, .head_size = 2, .capacity = 4});
  const std::vector<float> positions{2.5f, 0, 1000};
  Tensor x({1, 3, 2}, std::vector<float>{1, 0, 1, 0, 1, 0});
  Scratch scratch;
  const Positions given{0, 3, positions, 1};
  encoding->rotate(x.view(), Role::key, {given, given, 0, 3, 1, scratch});
  check_values({x.values().begin(), x.values().end()},
               {std::cos(2.5), std::sin(2.5), 1, 0, std::cos(1000.0), std::sin(1000.0)});
}

TEST_CASE("interleaved RoPE is CTranslate2's, from an offset of 2") {
  const auto peers = peer_vectors("rope_ctranslate2");
  if (!peers) return;
  const auto values = [&](int index) {
    return (*peers)["arrays"][index]["values"].get<std::vector<float>>();
  };
  const auto encoding = encoding_of("rope", {.heads = 4, .head_size = 6, .capacity = 16});
  const Tensor found = rotated(*encoding, Tensor({8, 2, 6}, values(0)), 2);
  CHECK(largest_difference(found, Tensor({8, 2, 6}, values(1))) < 1e-5);
}

TEST_CASE("half-split RoPE is keras-hub's") {
  const auto peers = peer_vectors("rope_keras_hub");
  if (!peers) return;
  const std::vector<float> ones(6, 1.0f);
  check_values(turned("pairing=half", 0, ones), (*peers)["pos0"].get<std::vector<double>>(), 1e-4);
  check_values(turned("pairing=half", 3, ones), (*peers)["pos3"].get<std::vector<double>>(), 1e-4);
  for (const auto& row : (*peers)["flax_reference"]["expected"]) {
    const auto x = row.get<std::vector<float>>();
    CHECK(turned("pairing=half", 0, x) == x);
  }
}

TEST_CASE("interleaved RoPE is RoFormer's in transformers") {
  const auto peers = peer_vectors("roformer_hf");
  if (!peers) return;
  Tensor x({1, 16, 64});
  for (int64_t i = 0; i < x.count(); ++i) x.data()[i] = static_cast<float>(i) / 100;
  const auto encoding = encoding_of("rope", {.heads = 1, .head_size = 64, .capacity = 16});
  const Tensor found = rotated(*encoding, x.clone(), 0);
  const auto expected =
      (*peers)["rotary"]["expected_query[0,0,:6,:8]"].get<std::vector<std::vector<double>>>();
  for (size_t row = 0; row < expected.size(); ++row) {
    for (size_t c = 0; c < 8; ++c) {
      CHECK(std::abs(found.view()(0, row, c) - expected[row][c]) < 1e-4);
    }
  }
}

TEST_CASE("RoPE refuses what it cannot pair") {
  const SchemeContext odd{.heads = 1, .head_size = 5, .capacity = 4};
  CHECK_THROWS_WITH_AS(encoding_of("rope", odd),
                       "rope: expected an even number of rotated values of a head, as sines and "
                       "cosines come in pairs, found 5",
                       Error);
  CHECK_NOTHROW(encoding_of("rope:dimensions=4", odd));
  CHECK_THROWS_WITH_AS(encoding_of("rope:dimensions=6", odd),
                       "rope: expected at most the head's 5 values to be rotated, found 6", Error);
  CHECK_THROWS_WITH_AS(encoding_of("rope:dimensions=4,base=0", odd),
                       "rope: expected base above 0, found 0", Error);
  CHECK_THROWS_WITH_AS(encoding_of("rope:dimensions=4,pairing=quarter", odd),
                       "rope: expected pairing to be one of interleaved, half, found 'quarter'",
                       Error);
}
