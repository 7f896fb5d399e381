#include <doctest/doctest.h>

#include "tests/support/encodings.hpp"
#include "tests/support/peer_vectors.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

// Tables whose row r is (r, 1000 + r) for keys and (2000 + r, 3000 + r) for values.
GivenWeights numbered(int64_t rows) {
  std::vector<float> keys, values;
  for (int64_t row = 0; row < rows; ++row) {
    for (const int64_t start : {0, 1000}) keys.push_back(static_cast<float>(start + row));
    for (const int64_t start : {2000, 3000}) values.push_back(static_cast<float>(start + row));
  }
  GivenWeights weights;
  weights.set("keys", {rows, 2}, keys)
      .set("values", {rows, 2}, values)
      .set("table", {rows, 2}, keys);
  return weights;
}

// The row of the keys' table that meets each query and key: q = (1, 0) picks the row's number.
Tensor rows_met(const PositionalEncoding& encoding, const Tile& tile) {
  Tensor q({1, tile.queries, 2});
  for (int64_t i = 0; i < tile.queries; ++i) q.view()(0, i, 0) = 1;
  return scored(encoding, q, Tensor({1, tile.keys, 2}), tile);
}

// What `mix` adds where all attention is on one key. [d]
std::vector<float> value_added(const PositionalEncoding& encoding, int64_t query, int64_t key,
                               int64_t head_size) {
  Tensor y({1, 1, head_size}), p({1, 1, key + 1});
  p.view()(0, 0, key) = 1;
  Scratch scratch;
  encoding.mix(y.view(), p.view(),
               {{query, 1, {}, 1}, {0, key + 1, {}, 1}, 0, key + 1, 1, scratch});
  return {y.values().begin(), y.values().end()};
}

// The vector that meets queries at a distance: its products with unit vectors. [d]
std::vector<float> key_vector(const PositionalEncoding& encoding, int64_t query, int64_t key,
                              int64_t head_size) {
  std::vector<float> vector;
  for (int64_t c = 0; c < head_size; ++c) {
    Tensor q({1, 1, head_size});
    q.view()(0, 0, c) = 1;
    const Tile tile{.first_query = query, .first_key = key};
    vector.push_back(scored(encoding, q, Tensor({1, 1, head_size}), tile).data()[0]);
  }
  return vector;
}

void check_rows(const Tensor& found, const std::vector<std::vector<double>>& expected) {
  for (size_t i = 0; i < expected.size(); ++i) {
    for (size_t j = 0; j < expected[i].size(); ++j) {
      CAPTURE(i);
      CAPTURE(j);
      CHECK(found.view()(0, static_cast<int64_t>(i), static_cast<int64_t>(j)) == expected[i][j]);
    }
  }
}

const SchemeContext pairs{.heads = 1, .head_size = 2, .capacity = 8};

}  // namespace

TEST_CASE("Shaw's row is clamp(j - i) + clip") {
  GivenWeights weights = numbered(5);
  const auto encoding = encoding_of("shaw:clip=2", pairs, weights);
  check_rows(rows_met(*encoding, {.queries = 4, .keys = 4}),
             {{2, 3, 4, 4}, {1, 2, 3, 4}, {0, 1, 2, 3}, {0, 0, 1, 2}});
  CHECK(encoding->max_length() == PositionalEncoding::unlimited);
  CHECK(weights.taken() == 20);
}

TEST_CASE("Shaw's tables for keys and values are two") {
  GivenWeights weights = numbered(5);
  const auto encoding = encoding_of("shaw:clip=2", pairs, weights);
  CHECK(key_vector(*encoding, 3, 2, 2) == std::vector<float>{1, 1001});
  CHECK(value_added(*encoding, 3, 2, 2) == std::vector<float>{2001, 3001});
  CHECK(value_added(*encoding, 0, 7, 2) == std::vector<float>{2004, 3004});
}

TEST_CASE("Shaw's rows are those of OpenNMT, cached queries and uneven clips included") {
  const auto peers = peer_vectors("shaw_index");
  if (!peers) return;
  for (const auto& item : (*peers)["cases"]) {
    const int64_t queries = item["q"], keys = item["k"];
    const int64_t left = item.contains("max") ? item["max"] : item["left_max"];
    const int64_t right = item.contains("max") ? item["max"] : item["right_max"];
    GivenWeights weights = numbered(left + right + 1);
    const auto encoding =
        encoding_of("shaw:clip=" + std::to_string(left) + ",clip_later=" + std::to_string(right),
                    pairs, weights);
    const Tile tile{.first_query = keys - queries, .queries = queries, .keys = keys};
    check_rows(rows_met(*encoding, tile), item["expected"].get<std::vector<std::vector<double>>>());
  }
}

TEST_CASE("Shaw's clip is at least 1 and its tables have a row for each distance") {
  CHECK_THROWS_WITH_AS(encoding_of("shaw:clip=0", pairs),
                       "shaw: expected clip of at least 1, found 0", Error);
  GivenWeights weights = numbered(4);
  CHECK_THROWS_WITH_AS(encoding_of("shaw:clip=2", pairs, weights),
                       "keys: expected [5, 2], found [4, 2]", Error);
}

TEST_CASE("relative_key counts query - key, against Shaw's j - i") {
  GivenWeights weights = numbered(7);  // max 4: row = query - key + 3
  const auto encoding = encoding_of("relative_key", pairs, weights);
  check_rows(rows_met(*encoding, {.queries = 4, .keys = 4}),
             {{3, 2, 1, 0}, {4, 3, 2, 1}, {5, 4, 3, 2}, {6, 5, 4, 3}});
  CHECK(encoding->max_length() == 4);
  CHECK(weights.taken() == 14);
}

TEST_CASE("relative_key adds nothing to values and does not meet keys") {
  GivenWeights weights = numbered(7);
  const auto encoding = encoding_of("relative_key", pairs, weights);
  CHECK(value_added(*encoding, 1, 2, 2) == std::vector<float>{0, 0});
  Tensor k({1, 2, 2}, std::vector<float>{1, 2, 3, 4});
  const Tensor s = scored(*encoding, Tensor({1, 1, 2}), k, {.keys = 2});
  CHECK(s.values()[0] == 0);
  CHECK(s.values()[1] == 0);
}

TEST_CASE("relative_key clips nothing: a longer distance is out of range") {
  GivenWeights weights = numbered(7);
  const auto encoding = encoding_of("relative_key", pairs, weights);
  CHECK_THROWS_WITH_AS(rows_met(*encoding, {.first_query = 4, .keys = 1}),
                       "relative_key: expected distances from -3 to 3, found -4", Error);
  CHECK_THROWS_WITH_AS(rows_met(*encoding, {.keys = 5}),
                       "relative_key: expected distances from -3 to 3, found 4", Error);
}

TEST_CASE("relative_key's table has an odd number of rows, and 2 capacity - 1 when it is new") {
  GivenWeights weights = numbered(6);
  CHECK_THROWS_WITH_AS(
      encoding_of("relative_key", pairs, weights),
      "relative_key: expected a table of an odd number of rows, 2 max - 1, found [6, 2]", Error);
  CHECK(encoding_of("relative_key", pairs)->max_length() == 8);
  GivenWeights fresh;
  encoding_of("relative_key", pairs, fresh);
  CHECK(fresh.taken() == 15 * 2);
}

TEST_CASE("relative_key_query lets the same vector meet the key, at the scale that q has") {
  GivenWeights weights = numbered(7);
  const auto encoding = encoding_of("relative_key_query", pairs, weights);
  const float scale = 0.5f;
  // q arrives scaled; unscaled it is (2, 0).
  const Tensor q({1, 1, 2}, std::vector<float>{2 * scale, 0});
  const Tensor k({1, 4, 2}, std::vector<float>{1, 0, 0, 1, 1, 1, 0, 0});
  const Tensor s = scored(*encoding, q, k, {.first_query = 1, .keys = 4}, scale);
  // rows 4, 3, 2, 1: (q . r + k . r) scale with r = (row, 1000 + row)
  const double expected[] = {(8 + 4) * 0.5, (6 + 1003) * 0.5, (4 + 2 + 1002) * 0.5, (2 + 0) * 0.5};
  for (int j = 0; j < 4; ++j) CHECK(s.values()[j] == doctest::Approx(expected[j]).epsilon(1e-6));
}

TEST_CASE("relative_key_query agrees with the plain formula on wide tiles") {
  const int64_t max = 60, d = 4, queries = 21, keys = 50, first = 30;
  const Tensor table = random_tensor({2 * max - 1, d}, 5);
  GivenWeights weights;
  weights.set("table", table.shape(), {table.values().begin(), table.values().end()});
  const auto encoding = encoding_of("relative_key_query", {.heads = 2, .head_size = d}, weights);
  const Tensor q = random_tensor({2, queries, d}, 6), k = random_tensor({2, keys, d}, 7);
  const Tensor s = scored(*encoding, q, k, {first, queries, 0, keys}, 0.25f);
  for (int64_t h = 0; h < 2; ++h) {
    for (int64_t i = 0; i < queries; ++i) {
      for (int64_t j = 0; j < keys; ++j) {
        double expected = 0;
        for (int64_t c = 0; c < d; ++c) {
          const double r = table.view()(first + i - j + max - 1, c);
          expected += (q.view()(h, i, c) + 0.25 * k.view()(h, j, c)) * r;
        }
        CHECK(s.view()(h, i, j) == doctest::Approx(expected).epsilon(1e-4).scale(10));
      }
    }
  }
}

TEST_CASE("NEZHA's vector is the sinusoid of the row clamp(j - i) + 64, not of the distance") {
  GivenWeights weights;
  const auto encoding = encoding_of("nezha", {.heads = 1, .head_size = 64, .capacity = 8}, weights);
  const auto same = key_vector(*encoding, 5, 5, 64), next = key_vector(*encoding, 5, 6, 64);
  const double row_64[] = {0.9200260, 0.3918572, -0.7639029, -0.6453312};
  const double row_65[] = {0.8268287, -0.5624539, -0.9988271, 0.0484185};
  for (int c = 0; c < 4; ++c) {
    CHECK(same[c] == doctest::Approx(row_64[c]).epsilon(1e-6));
    CHECK(next[c] == doctest::Approx(row_65[c]).epsilon(1e-6));
  }
  CHECK(weights.taken() == 0);
}

TEST_CASE("NEZHA clips distances at 64, and keys and values have the same vectors") {
  const auto encoding = encoding_of("nezha", {.heads = 1, .head_size = 4, .capacity = 8});
  const auto farthest = key_vector(*encoding, 64, 0, 4);
  CHECK(farthest == std::vector<float>{0, 1, 0, 1});  // row 0
  CHECK(key_vector(*encoding, 500, 0, 4) == farthest);
  CHECK(key_vector(*encoding, 63, 0, 4) != farthest);
  CHECK(key_vector(*encoding, 0, 64, 4) == key_vector(*encoding, 0, 65, 4));
  CHECK(key_vector(*encoding, 0, 64, 4)[0] == doctest::Approx(std::sin(128.0)));
  for (const int64_t key : {0, 3, 90}) {
    CHECK(value_added(*encoding, 3, key, 4) == key_vector(*encoding, 3, key, 4));
  }
}

TEST_CASE("probabilities of keys that share a clipped distance are summed") {
  GivenWeights weights = numbered(3);
  const auto encoding = encoding_of("shaw:clip=1", pairs, weights);
  Tensor y({1, 1, 2}), p({1, 1, 4}, std::vector<float>{0.125f, 0.25f, 0.5f, 0.125f});
  Scratch scratch;
  encoding->mix(y.view(), p.view(), {{3, 1, {}, 1}, {0, 4, {}, 1}, 0, 4, 1, scratch});
  // distances -3 -2 -1 0: rows 0 0 0 1
  CHECK(y.values()[0] == doctest::Approx(0.875 * 2000 + 0.125 * 2001));
  CHECK(y.values()[1] == doctest::Approx(0.875 * 3000 + 0.125 * 3001));
}
