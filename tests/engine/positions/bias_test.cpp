#include <doctest/doctest.h>

#include "engine/positions/schemes/alibi.hpp"
#include "engine/positions/schemes/t5.hpp"
#include "tests/support/encodings.hpp"
#include "tests/support/peer_vectors.hpp"

using namespace locus;
using namespace locus::tests;
using locus::positions::alibi_slopes;
using locus::positions::T5Buckets;

namespace {

// A t5 encoding whose table holds the bucket's number for head 0, and 100 more for each head.
EncodingPointer numbered_t5(const std::string& parameters, const SchemeContext& context,
                            int64_t buckets = 32) {
  std::vector<float> table;
  for (int64_t bucket = 0; bucket < buckets; ++bucket) {
    for (int64_t head = 0; head < context.heads; ++head) {
      table.push_back(static_cast<float>(bucket + 100 * head));
    }
  }
  GivenWeights weights;
  weights.set("table", {buckets, context.heads}, table);
  return encoding_of(scheme_text("t5", parameters), context, weights);
}

void check_all(const Tensor& tensor, const std::vector<double>& expected, double tolerance) {
  REQUIRE(tensor.values().size() == expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(tensor.values()[i] - expected[i]) <= tolerance);
  }
}

}  // namespace

TEST_CASE("T5's bidirectional buckets: 16 for each side, logarithms truncated") {
  const T5Buckets buckets;
  struct Row {
    int64_t from, to, bucket;
  };
  const Row rows[] = {{8, 11, 8},   {12, 15, 9},  {16, 22, 10}, {23, 31, 11},
                      {32, 45, 12}, {46, 63, 13}, {64, 90, 14}, {91, 100000, 15}};
  for (int64_t n = 0; n < 8; ++n) CHECK(buckets.of(-n) == n);
  for (const Row& row : rows) {
    for (const int64_t n : {row.from, row.to}) {
      CAPTURE(n);
      CHECK(buckets.of(-n) == row.bucket);      // earlier keys
      CHECK(buckets.of(n) == row.bucket + 16);  // later keys
    }
  }
  CHECK(buckets.of(1) == 17);
  CHECK(buckets.of(91) == 31);
}

TEST_CASE("T5's causal buckets: 32 for earlier keys, 0 for later ones") {
  const T5Buckets buckets{.bidirectional = false};
  for (int64_t n = 0; n < 16; ++n) CHECK(buckets.of(-n) == n);
  const std::pair<int64_t, int64_t> golden[] = {{16, 16}, {18, 16},  {19, 17},  {20, 17},  {21, 18},
                                                {24, 19}, {27, 20},  {31, 21},  {45, 23},  {64, 26},
                                                {90, 29}, {112, 30}, {113, 31}, {5000, 31}};
  for (const auto& [n, bucket] : golden) {
    const auto& shown = n;
    CAPTURE(shown);
    CHECK(buckets.of(-n) == bucket);
    CHECK(buckets.of(n) == 0);
  }
}

TEST_CASE("T5's largest distance is a parameter, not 128") {
  const auto encoding =
      numbered_t5("max_distance=20", {.heads = 1, .causal = true, .capacity = 64});
  const Tensor bias = bias_of(*encoding, 1, {.first_query = 40, .keys = 41});
  CHECK(bias.values()[40 - 17] == 20);  // 16 + trunc(16 ln(17/16) / ln(20/16))
  CHECK(bias.values()[40 - 20] == 31);
}

TEST_CASE("T5 looks at later keys unless the model is causal or it is told to") {
  const Tile tile{.first_query = 3, .keys = 6};  // distances -3 ... 2
  const std::vector<double> both{3, 2, 1, 0, 17, 18}, past{3, 2, 1, 0, 0, 0};
  const SchemeContext encoder{.heads = 1, .capacity = 8};
  const SchemeContext decoder{.heads = 1, .causal = true, .capacity = 8};
  check_all(bias_of(*numbered_t5("", encoder), 1, tile), both, 0);
  check_all(bias_of(*numbered_t5("", decoder), 1, tile), past, 0);
  check_all(bias_of(*numbered_t5("direction=past", encoder), 1, tile), past, 0);
  check_all(bias_of(*numbered_t5("direction=both", decoder), 1, tile), both, 0);
}

TEST_CASE("T5's row of a query after a cache is that of its own position") {
  const auto encoding = numbered_t5("", {.heads = 1, .causal = true, .capacity = 64});
  const Tensor all = bias_of(*encoding, 1, {.queries = 30, .keys = 30});
  for (int64_t query = 0; query < 30; ++query) {
    const Tensor one = bias_of(*encoding, 1, {.first_query = query, .keys = 30});
    for (int64_t key = 0; key < 30; ++key) {
      CHECK(one.view()(0, 0, key) == all.view()(0, query, key));
    }
  }
  CHECK(bias_of(*encoding, 1, {.first_query = 29, .keys = 30}).data()[0] == 20);
}

TEST_CASE("T5's table is [buckets, heads], and heads of a tile are counted from its first") {
  const auto encoding = numbered_t5("", {.heads = 3, .capacity = 8});
  const Tensor bias = bias_of(*encoding, 3, {.first_query = 2, .keys = 1});
  check_all(bias, {2, 102, 202}, 0);
  Scratch scratch;
  Tensor s({1, 1, 1}), q({1, 1, 2});
  encoding->score(s.view(), q.view(), q.view(), {{2, 1, {}, 1}, {0, 1, {}, 1}, 2, 3, 1, scratch});
  CHECK(s.values()[0] == 202);
}

TEST_CASE("T5's bias is what onnxruntime computes") {
  const auto peers = peer_vectors("t5_bias_onnxruntime");
  if (!peers) return;
  for (const auto& item : (*peers)["cases"]) {
    const auto heads = item["heads"].get<int64_t>(), buckets = item["num_buckets"].get<int64_t>();
    const auto length = item["seq"].get<int64_t>();
    std::vector<float> table;
    for (const auto& row : item["bias_table"]) {
      for (const auto& value : row) table.push_back(value.get<float>());
    }
    GivenWeights weights;
    weights.set("table", {buckets, heads}, table);
    const SchemeContext context{
        .heads = heads, .causal = !item["bidirectional"].get<bool>(), .capacity = 4};
    const auto encoding = encoding_of("t5:buckets=" + std::to_string(buckets), context, weights);
    check_all(bias_of(*encoding, heads, {.queries = length, .keys = length}),
              item["expected"].get<std::vector<double>>(), 0);
  }
}

TEST_CASE("ALiBi's slopes of a power of two are 2^(-8 i / heads)") {
  const auto eight = alibi_slopes(8, 8);
  for (int i = 0; i < 8; ++i) CHECK(eight[i] == std::exp2(-(i + 1)));
  CHECK(alibi_slopes(16, 8)[0] == doctest::Approx(0.70710678));
  CHECK(alibi_slopes(1, 8)[0] == 0.00390625);
}

TEST_CASE("alibi slopes of twelve heads follow the power-of-two rule, not 2^(-8i/12)") {
  const auto slopes = alibi_slopes(12, 8);
  const double expected[] = {0.5,       0.25,       0.125,      0.0625,     0.03125,   0.015625,
                             0.0078125, 0.00390625, 0.70710678, 0.35355339, 0.1767767, 0.08838835};
  REQUIRE(slopes.size() == 12);
  for (int i = 0; i < 12; ++i) CHECK(slopes[i] == doctest::Approx(expected[i]).epsilon(1e-6));
}

TEST_CASE("ALiBi's bias is what keras-hub computes, other maxima than 8 included") {
  const auto peers = peer_vectors("alibi_keras_hub");
  if (!peers) return;
  for (const auto& item : (*peers)["cases"]) {
    const auto heads = item["heads"].get<int64_t>();
    const auto encoding =
        encoding_of("alibi:max_bias=" + std::to_string(item["alibi_bias_max"].get<int>()),
                    {.heads = heads, .causal = true, .capacity = 8});
    std::vector<double> expected;
    for (const auto& row : item["expected"]) {
      for (const auto& value : row) expected.push_back(value.get<double>());
    }
    check_all(bias_of(*encoding, heads, {.first_query = 2, .keys = 3}), expected, 1e-6);
  }
}

TEST_CASE("ALiBi's bias is what CTranslate2 computes for a query after a cache") {
  const auto peers = peer_vectors("alibi_ctranslate2");
  if (!peers) return;
  const auto encoding = encoding_of("alibi", {.heads = 4, .capacity = 8});
  const Tensor bias = bias_of(*encoding, 4, {.first_query = 4, .keys = 5});
  const auto expected = (*peers)["negative_positions"].get<std::vector<std::vector<double>>>();
  for (int64_t head = 0; head < 4; ++head) {
    for (int64_t key = 0; key < 5; ++key) {
      CHECK(bias.view()(head, 0, key) == doctest::Approx(expected[head][key]));
    }
  }
}

TEST_CASE("ALiBi's bias is fairseq2's up to a constant for each row") {
  const auto peers = peer_vectors("alibi_fairseq2");
  if (!peers) return;
  const auto expected = (*peers)["row3_expected"].get<std::vector<std::vector<double>>>();
  const auto encoding = encoding_of("alibi", {.heads = 4, .causal = true, .capacity = 8});
  const Tensor bias = bias_of(*encoding, 4, {.first_query = 3, .keys = 4});
  for (int64_t head = 0; head < 4; ++head) {
    for (int64_t key = 0; key < 4; ++key) {
      const double above_first = bias.view()(head, 0, key) - bias.view()(head, 0, 0);
      CHECK(std::abs(above_first - expected[head][key]) < 1e-5);
    }
  }
}

TEST_CASE("ALiBi is -m |i - j| on both sides; its causal form agrees on visible keys alone") {
  const SchemeContext context{.heads = 1, .capacity = 8};
  const Tile tile{.first_query = 2, .keys = 5};
  const double m = 0.00390625;
  check_all(bias_of(*encoding_of("alibi", context), 1, tile), {-2 * m, -m, 0, -m, -2 * m}, 1e-9);
  check_all(bias_of(*encoding_of("alibi:form=causal", context), 1, tile), {-2 * m, -m, 0, m, 2 * m},
            1e-9);
}

TEST_CASE("biases by distance go on beyond the table and between whole positions") {
  const auto small = encoding_of("alibi", {.heads = 2, .capacity = 3});
  const auto large = encoding_of("alibi", {.heads = 2, .capacity = 64});
  const Tile tile{.first_query = 5, .queries = 20, .first_key = 0, .keys = 30};
  CHECK(largest_difference(bias_of(*small, 2, tile), bias_of(*large, 2, tile)) == 0);
  const std::vector<float> half{2.5f}, keys{0, 4};
  Scratch scratch;
  Tensor s({1, 1, 2}), q({1, 1, 2}), k({1, 2, 2});
  small->score(s.view(), q.view(), k.view(), {{0, 1, half, 1}, {0, 2, keys, 1}, 0, 2, 1, scratch});
  check_all(s, {-2.5 * 0.0625, -1.5 * 0.0625}, 1e-9);
}

TEST_CASE("T5 refuses distances that are not whole") {
  const auto encoding = numbered_t5("", {.heads = 1, .capacity = 8});
  const std::vector<float> half{2.5f};
  Scratch scratch;
  Tensor s({1, 1, 1}), q({1, 1, 2});
  CHECK_THROWS_WITH_AS(encoding->score(s.view(), q.view(), q.view(),
                                       {{0, 1, half, 1}, {0, 1, {}, 1}, 0, 1, 1, scratch}),
                       "t5: expected whole positions, found -2.5", Error);
}

TEST_CASE("T5's parameters are checked") {
  const SchemeContext context{.heads = 1, .capacity = 8};
  CHECK_THROWS_WITH_AS(encoding_of("t5:buckets=3", context),
                       "t5: expected buckets of at least 4, found 3", Error);
  CHECK_THROWS_WITH_AS(encoding_of("t5:buckets=33", context),
                       "t5: expected an even number of buckets for two directions, found 33",
                       Error);
  CHECK_THROWS_WITH_AS(encoding_of("t5:max_distance=8", context),
                       "t5: expected max_distance of at least 9, found 8", Error);
}
