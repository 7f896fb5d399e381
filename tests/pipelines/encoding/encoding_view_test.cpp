// Matrices of an encoding that treats queries and keys differently.
#include "pipelines/encoding_view.hpp"

#include <doctest/doctest.h>

#include <array>

#include "base/error.hpp"
#include "tests/support/failure.hpp"

namespace locus::tests {
namespace {

/// Multiplies the row at position p by 1 + p, and by 2 more where it is a query. Keys may stay.
class Growing final : public PositionalEncoding {
 public:
  explicit Growing(bool keys) : keys_(keys) {}

  void rotate(View heads, Role role, const Block& block) const override {
    if (role == Role::value || (role == Role::key && !keys_)) return;
    for (int64_t head = 0; head < heads.size(0); ++head) {
      for (int64_t row = 0; row < heads.size(1); ++row) {
        const double factor = (1 + block.queries.at(row)) * (role == Role::query ? 2 : 1);
        for (float& value : heads[head].row(row)) value *= static_cast<float>(factor);
      }
    }
  }

 private:
  bool keys_;
};

PositionSubject growing(bool keys) {
  Scheme scheme;
  scheme.name = "growing";
  scheme.traits.rotates = true;
  scheme.make = [keys](const Attributes&, SchemeWeights&, const SchemeContext&) {
    return std::make_shared<const Growing>(keys);
  };
  return subject_of_scheme("growing", {.length = 4, .width = 8, .heads = 2, .head_size = 4},
                           std::array{scheme});
}

TEST_CASE("a scheme's text cannot ask for gigabytes, in one table or in many") {
  const auto refusal = [](const std::string& scheme) {
    return failure_of(
        [&] { subject_of_scheme(scheme, {.length = 4, .width = 8, .head_size = 8}); });
  };
  CHECK(refusal("shaw:clip=50000000") ==
        "encoding: expected a table of at most 268435456 values, found [100000001, 8]");
  CHECK(
      refusal("nezha+shaw:clip=2+shaw:clip=11184810") ==
      "encoding.2.values: expected new tables of at most 268435456 values in all, found [22369621, "
      "8] "
      "besides others");
}

TEST_CASE("inner products are of queries, by row, and keys, by column") {
  const EncodingMatrices matrices = matrices_of(growing(true));
  CHECK(matrices.rotates);
  REQUIRE(matrices.inner_products.shape() == Shape{4, 4});
  for (int64_t query = 0; query < 4; ++query) {
    CHECK(matrices.rows.view()(query, 0) == doctest::Approx(0.5 * (1.0 + query)));
    for (int64_t key = 0; key < 4; ++key) {
      CHECK(matrices.inner_products.view()(query, key) ==
            doctest::Approx(2.0 * (1 + query) * (1 + key)));
    }
    CHECK(matrices.decay.values()[query] == doctest::Approx(2.0 * (1 + query)));
  }
}

TEST_CASE("a scheme that rotates queries alone is seen to rotate") {
  const EncodingMatrices matrices = matrices_of(growing(false));
  CHECK(matrices.rotates);
  REQUIRE(matrices.inner_products.shape() == Shape{4, 4});
  CHECK(matrices.rows.view()(3, 0) == doctest::Approx(0.5 * 8));
  CHECK(matrices.inner_products.view()(3, 0) == doctest::Approx(8));
  CHECK(matrices.inner_products.view()(0, 3) == doctest::Approx(2));
}

TEST_CASE("what holds no encoding has no matrices") {
  const PositionSubject nothing;
  for (const auto matrix : {rows_of, products_of, bias_of, response_of, decay_of}) {
    CHECK_THROWS_WITH_AS(matrix(nothing), "position: expected an encoding, found none", Error);
  }
  CHECK_THROWS_AS(matrices_of(nothing), Error);
}

}  // namespace
}  // namespace locus::tests
