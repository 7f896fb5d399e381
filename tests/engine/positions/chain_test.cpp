#include <doctest/doctest.h>

#include "tests/support/encodings.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

const SchemeContext context{.width = 4, .heads = 2, .head_size = 4, .capacity = 16};

// What `mix` adds for random probabilities of 3 queries and 5 keys. [2, 3, 4]
Tensor mixed(const PositionalEncoding& encoding) {
  Tensor y({2, 3, 4});
  const Tensor p = random_tensor({2, 3, 5}, 4);
  Scratch scratch;
  encoding.mix(y.view(), p.view(), {{2, 3, {}, 1}, {0, 5, {}, 1}, 0, 5, 1, scratch});
  return y;
}

Tensor sum(const Tensor& a, const Tensor& b) {
  Tensor total = a.clone();
  for (int64_t i = 0; i < a.count(); ++i) total.data()[i] += b.data()[i];
  return total;
}

}  // namespace

TEST_CASE("a chain adds the rows of all its links") {
  const Tensor both = table_of(*encoding_of("learned+sinusoidal", context), 3, 4);
  const Tensor learned = table_of(*encoding_of("learned", context), 3, 4);
  const Tensor sinusoidal = table_of(*encoding_of("sinusoidal", context), 3, 4);
  CHECK(largest_difference(both, sum(learned, sinusoidal)) < 1e-6);
  CHECK(largest_difference(both, learned) > 0.5);
}

TEST_CASE("a chain turns by all its links, one after the other") {
  const Tensor x = random_tensor({2, 3, 4}, 5);
  const auto rope = encoding_of("rope", context), half = encoding_of("rope:pairing=half", context);
  const Tensor both = rotated(*encoding_of("rope+rope:pairing=half", context), x.clone(), 1);
  CHECK(largest_difference(both, rotated(*half, rotated(*rope, x.clone(), 1), 1)) == 0);
  CHECK(largest_difference(both, rotated(*rope, x.clone(), 1)) > 0.1);
}

TEST_CASE("a chain adds the scores of all its links") {
  const Tile tile{.first_query = 2, .queries = 3, .keys = 5};
  const Tensor alibi = bias_of(*encoding_of("alibi", context), 2, tile);
  const Tensor t5 = bias_of(*encoding_of("t5", context), 2, tile);
  CHECK(largest_difference(bias_of(*encoding_of("alibi+t5", context), 2, tile), sum(alibi, t5)) <
        1e-6);
  CHECK(largest_difference(alibi, t5) > 0.1);
}

TEST_CASE("a chain adds the outputs of all its links") {
  const Tensor shaw = mixed(*encoding_of("shaw", context));
  const Tensor nezha = mixed(*encoding_of("nezha", context));
  CHECK(largest_difference(mixed(*encoding_of("shaw+nezha", context)), sum(shaw, nezha)) < 1e-5);
  CHECK(largest_difference(shaw, nezha) > 0.1);
}
