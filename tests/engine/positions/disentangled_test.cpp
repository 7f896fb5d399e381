// DeBERTa's two terms and its buckets, against the paper's formula and the reference's numbers.
#include <doctest/doctest.h>

#include <array>

#include "engine/positions/schemes/distance_buckets.hpp"
#include "tests/support/encodings.hpp"

namespace locus::tests::disentangled {
using locus::positions::DistanceBuckets;
using locus::positions::log_bucket;

namespace {

constexpr int64_t width = 6, heads = 2, head_size = 3, span = 4;
const SchemeContext sizes{.width = width, .heads = heads, .head_size = head_size, .capacity = 16};

std::vector<float> values_of(const Tensor& tensor) {
  return {tensor.values().begin(), tensor.values().end()};
}

struct DisentangledCase {
  Tensor table = random_tensor({2 * span, width}, 1, 0.7f);
  Tensor key = random_tensor({heads * head_size, width}, 2, 0.7f);
  Tensor query = random_tensor({heads * head_size, width}, 3, 0.7f);
  Tensor key_bias = random_tensor({heads * head_size}, 4, 0.7f);
  Tensor query_bias = random_tensor({heads * head_size}, 5, 0.7f);
  GivenWeights weights;

  DisentangledCase() {
    weights.set("table", table.shape(), values_of(table))
        .set("key", key.shape(), values_of(key))
        .set("query", query.shape(), values_of(query))
        .set("key_bias", key_bias.shape(), values_of(key_bias))
        .set("query_bias", query_bias.shape(), values_of(query_bias));
  }

  // (W P + b) of a head, at a row of the table, meets x.
  double meet(const Tensor& matrix, const Tensor& bias, int64_t head, int64_t row,
              std::span<const float> x) const {
    double sum = 0;
    for (int64_t c = 0; c < head_size; ++c) {
      const int64_t output = head * head_size + c;
      double projected = bias.data()[output];
      for (int64_t e = 0; e < width; ++e) {
        projected += static_cast<double>(matrix.view()(output, e)) * table.view()(row, e);
      }
      sum += projected * x[c];
    }
    return sum;
  }
};

// With keys so far away on both sides that they share a vector with every query, and without.
const std::array tiles{Tile{3, 5, 0, 9}, Tile{40, 5, 0, 90}, Tile{40, 20, 0, 90}};
constexpr float scale = 0.577f;

template <typename Expected>
void check_tile(const Tile& tile, const std::string& text, DisentangledCase& given,
                Expected expected) {
  const Tensor q = random_tensor({heads, tile.queries, head_size}, 6);
  const Tensor k = random_tensor({heads, tile.keys, head_size}, 7);
  const auto found = scored(*encoding_of(text, sizes, given.weights), q, k, tile, scale);
  for (int64_t h = 0; h < heads; ++h) {
    for (int64_t i = 0; i < tile.queries; ++i) {
      for (int64_t j = 0; j < tile.keys; ++j) {
        const int64_t distance = tile.first_query + i - tile.first_key - j;
        const double sum = expected(h, distance, q.view()[h].row(i), k.view()[h].row(j));
        CHECK(found.view()(h, i, j) == doctest::Approx(sum).epsilon(1e-5));
      }
    }
  }
}

template <typename Expected>
void check_scores(const std::string& text, DisentangledCase& given, Expected expected) {
  for (const Tile& tile : tiles) check_tile(tile, text, given, expected);
}

}  // namespace

TEST_CASE("DeBERTa's log buckets are rounded up, unlike T5's, and odd about zero") {
  const std::vector<std::pair<int64_t, int64_t>> known{
      {0, 0},     {1, 1},     {64, 64},   {128, 128}, {129, 129}, {130, 130}, {131, 131},
      {200, 169}, {256, 192}, {300, 207}, {400, 233}, {510, 255}, {511, 255}, {512, 256}};
  for (const auto& [distance, bucket] : known) {
    CHECK(log_bucket(distance, 256, 512) == bucket);
    CHECK(log_bucket(-distance, 256, 512) == -bucket);
  }
  const std::vector<int64_t> small{0, 1, 2, 3, 4, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7};
  for (size_t distance = 0; distance < small.size(); ++distance) {
    CHECK(log_bucket(static_cast<int64_t>(distance), 8, 40) == small[distance]);
  }
}

TEST_CASE("a distance takes the row span + bucket, and far ones the first or the last") {
  const DistanceBuckets plain({.span = 4, .max_distance = 8});
  CHECK(plain.row(0) == 4);
  CHECK(plain.row(3) == 7);
  CHECK(plain.row(4) == 7);  // there is no row 8
  CHECK(plain.row(-4) == 0);
  CHECK(plain.row(-1000000) == 0);
  const DistanceBuckets shared({.span = 8, .buckets = 8, .max_distance = 2000000000});
  CHECK(shared.row(2) == 10);
  CHECK(shared.row(1900000000) == 15);
  CHECK(shared.row(-1900000000) == 1);
  CHECK(shared.row(-2100000000) == 0);
}

TEST_CASE("DeBERTa's terms are taken at query - key, and the one without q is scaled") {
  DisentangledCase given;
  const auto row = [](int64_t distance) { return std::clamp<int64_t>(distance + span, 0, 7); };
  const auto keys = [&](int64_t h, int64_t distance, auto q, auto) {
    return given.meet(given.key, given.key_bias, h, row(distance), q);
  };
  const auto queries = [&](int64_t h, int64_t distance, auto, auto k) {
    return scale * given.meet(given.query, given.query_bias, h, row(distance), k);
  };
  check_scores("disentangled:terms=c2p", given, keys);
  check_scores("disentangled:terms=p2c", given, queries);
  check_scores("disentangled", given, [&](int64_t h, int64_t distance, auto q, auto k) {
    return keys(h, distance, q, k) + queries(h, distance, q, k);
  });
}

TEST_CASE("DeBERTa v2's distances share rows, of a table that is normalised first") {
  DisentangledCase given;
  const Tensor gain = random_tensor({width}, 8), bias = random_tensor({width}, 9);
  given.weights.set("gain", {width}, values_of(gain)).set("bias", {width}, values_of(bias));
  constexpr double epsilon = 0.01;
  for (int64_t row = 0; row < 2 * span; ++row) {
    const auto values = given.table.view().row(row);
    double mean = 0, variance = 0;
    for (float value : values) mean += value / width;
    for (float value : values) variance += (value - mean) * (value - mean) / width;
    for (int64_t c = 0; c < width; ++c) {
      values[c] = static_cast<float>(
          (values[c] - mean) / std::sqrt(variance + epsilon) * gain.data()[c] + bias.data()[c]);
    }
  }
  const auto row = [](int64_t distance) {
    return std::clamp<int64_t>(log_bucket(distance, 4, 6) + span, 0, 7);
  };
  const std::string shared = "buckets=4,max_distance=6,norm=layer,epsilon=0.01";
  check_scores("disentangled:terms=c2p," + shared, given,
               [&](int64_t h, int64_t distance, auto q, auto) {
                 return given.meet(given.key, given.key_bias, h, row(distance), q);
               });
  check_scores("disentangled:terms=p2c," + shared, given,
               [&](int64_t h, int64_t distance, auto, auto k) {
                 return scale * given.meet(given.query, given.query_bias, h, row(distance), k);
               });
}

TEST_CASE("terms share the scale, so a scheme says how many it has") {
  CHECK(traits_of(parse_encoding("disentangled")).score_terms == 2);
  CHECK(traits_of(parse_encoding("disentangled:terms=p2c")).score_terms == 1);
}

TEST_CASE("a table of an odd number of rows and buckets that fit no distance are refused") {
  GivenWeights odd;
  odd.set("table", {7, width}, std::vector<float>(7 * width));
  CHECK_THROWS_WITH_AS(encoding_of("disentangled", sizes, odd),
                       "disentangled: expected a table of an even number of rows, 2 span, found "
                       "[7, 6]",
                       Error);
  for (const char* text : {"disentangled:buckets=5", "disentangled:buckets=2",
                           "disentangled:buckets=8,max_distance=7"}) {
    CHECK_THROWS_WITH_AS(encoding_of(text, sizes), doctest::Contains("an even number of buckets"),
                         Error);
  }
  CHECK_THROWS_WITH_AS(encoding_of("disentangled:span=9000000000000000000", sizes),
                       doctest::Contains("span of 1 to 1073741824"), Error);
}

}  // namespace locus::tests::disentangled
