#include "tests/engine/ops/support.hpp"

namespace locus {
namespace {

using tests::Padded;
using tests::relative_error;

using Product = void (*)(ConstView, ConstView, View);

struct Case {
  Product product;
  Product oracle;
  bool transposed;
};

constexpr std::array products{Case{ops::multiply_transposed, reference::multiply_transposed, true},
                              Case{ops::multiply, reference::multiply, false}};
constexpr std::array sums{
    Case{ops::add_multiply_transposed, reference::add_multiply_transposed, true},
    Case{ops::add_multiply, reference::add_multiply, false}};

double error_of(const Case& which, int64_t rows, int64_t depth, int64_t columns) {
  const Padded a = Padded::random(rows, depth, 3, 5);
  const Padded b = which.transposed ? Padded::random(columns, depth, 11, 6)
                                    : Padded::random(depth, columns, 11, 6);
  Padded found = Padded::random(rows, columns, 2, 7);
  Padded expected = Padded::random(rows, columns, 2, 7);
  which.product(a.view(), b.view(), found.view());
  which.oracle(a.view(), b.view(), expected.view());
  CHECK(found.gaps_untouched());
  return relative_error(found.constant(), expected.constant());
}

TEST_CASE("attention's products equal the reference on odd shapes and strided rows") {
  for (const Case& which : products) {
    for (int64_t rows : {1, 2, 3, 7, 23, 64, 65, 130}) {
      for (int64_t depth : {1, 5, 12, 60, 64, 77, 300}) {
        for (int64_t columns : {1, 5, 12, 60, 64, 77, 300}) {
          CAPTURE(which.transposed);
          CAPTURE(rows);
          CAPTURE(depth);
          CAPTURE(columns);
          CHECK(error_of(which, rows, depth, columns) < 1e-5);
        }
      }
    }
  }
}

TEST_CASE("sums of products add to what is there") {
  for (const Case& which : sums) {
    for (int64_t columns : {5, 64, 77}) {
      CAPTURE(columns);
      CHECK(error_of(which, 7, 60, columns) < 1e-5);
      CHECK(error_of(which, 23, 300, columns) < 1e-5);
    }
  }
}

TEST_CASE("a product ignores what was there, even NaN") {
  for (const Case& which : products) {
    const Padded a = Padded::random(3, 8, 0);
    const Padded b = Padded::random(8, 8, 0);
    Padded found(3, 8, 0);
    Padded expected(3, 8, 0);
    for (int64_t m = 0; m < 3; ++m) std::fill_n(found.view().row(m).data(), 8, NAN);
    which.product(a.view(), b.view(), found.view());
    which.oracle(a.view(), b.view(), expected.view());
    CHECK(relative_error(found.constant(), expected.constant()) < 1e-6);
  }
}

TEST_CASE("a product of depth zero is zero") {
  for (const Case& which : products) {
    Padded c = Padded::random(2, 3, 0);
    which.product(ConstView(nullptr, {2, 0}),
                  ConstView(nullptr, {which.transposed ? 3 : 0, which.transposed ? 0 : 3}),
                  c.view());
    for (int64_t m = 0; m < 2; ++m) {
      for (float value : c.view().row(m)) CHECK(value == 0.0f);
    }
  }
}

TEST_CASE("a row of a product has the same bits alone and among others") {
  for (const Case& which : products) {
    const Padded a = Padded::random(21, 64, 0, 5);
    const Padded b = Padded::random(64, 64, 0, 6);
    Padded together(21, 64, 0);
    Padded alone(21, 64, 0);
    which.product(a.view(), b.view(), together.view());
    for (int64_t m = 0; m < 21; ++m) {
      which.product(a.constant().slice(0, m, m + 1), b.view(), alone.view().slice(0, m, m + 1));
    }
    CHECK(tests::same_bits(together.constant(), alone.constant()));
  }
}

}  // namespace
}  // namespace locus
