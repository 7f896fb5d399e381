// Products of attention in every precision. Small whole numbers are bf16 values, and so are sums of
// their products exact whatever the order.
#include "engine/options.hpp"
#include "tests/engine/ops/support.hpp"

namespace locus {
namespace {

using tests::Padded;
using tests::relative_error;

constexpr std::array precisions{Precision::f32, Precision::bf16, Precision::int8};

Padded whole_numbers(int64_t rows, int64_t columns, unsigned seed) {
  Padded matrix = Padded::random(rows, columns, 3, seed);
  for (int64_t i = 0; i < rows; ++i) {
    for (float& value : matrix.view().row(i)) value = std::round(8 * value);
  }
  return matrix;
}

// The largest of every row is 127, so that a unit of its 8 bits is 1.
Padded bytes_by_row(int64_t rows, int64_t columns, unsigned seed) {
  Padded matrix = whole_numbers(rows, columns, seed);
  for (int64_t i = 0; i < rows; ++i) matrix.view()(i, (5 * i) % columns) = i % 2 == 0 ? 127 : -127;
  return matrix;
}

Padded turned(const Padded& matrix) {
  const ConstView from = matrix.constant();
  Padded result(from.size(1), from.size(0), 2);
  for (int64_t i = 0; i < from.size(0); ++i) {
    for (int64_t j = 0; j < from.size(1); ++j) result.view()(j, i) = from(i, j);
  }
  return result;
}

struct Operands {
  Padded a, b, turned, c;
  Operands(int64_t rows, int64_t depth, int64_t columns)
      : a(whole_numbers(rows, depth, 1)),
        b(whole_numbers(depth, columns, 2)),
        turned(whole_numbers(columns, depth, 3)),
        c(whole_numbers(rows, columns, 4)) {}
};

void check_products(const ops::Products& products, const Operands& given) {
  Padded found = given.c, expected = given.c;
  products.multiply(given.a.view(), given.b.view(), found.view());
  reference::multiply(given.a.view(), given.b.view(), expected.view());
  CHECK(tests::same_bits(found.constant(), expected.constant()));
  products.add_multiply(given.a.view(), given.b.view(), found.view());
  reference::add_multiply(given.a.view(), given.b.view(), expected.view());
  CHECK(tests::same_bits(found.constant(), expected.constant()));
  products.multiply_transposed(given.a.view(), given.turned.view(), found.view());
  reference::multiply_transposed(given.a.view(), given.turned.view(), expected.view());
  CHECK(tests::same_bits(found.constant(), expected.constant()));
  CHECK(found.gaps_untouched());
}

// b and part of it, packed.
void check_packed(const ops::Products& products, const Padded& a, const Padded& b,
                  ops::Products::Use use) {
  const bool turned = use == ops::Products::Use::transposed;
  const int64_t rows = b.view().size(0);
  std::vector<float> room(products.packed_size(use, rows, b.view().size(1)));
  const ops::Operand whole =
      room.empty() ? ops::Operand(b.view()) : products.pack(use, b.view(), room);
  for (const Range range :
       {Range{0, rows}, Range{rows / 2, rows}, Range{rows / 4 * 2, rows / 2 * 2}}) {
    const ops::Operand part = whole.slice(range.begin, range.end);
    const ConstView left = turned ? ConstView(a.view()) : a.view().slice(1, range.begin, range.end);
    Padded found(left.size(0), turned ? range.end - range.begin : b.view().size(1), 3);
    Padded expected = found;
    if (turned) {
      products.multiply_transposed(left, part, found.view());
      products.multiply_transposed(left, part.values, expected.view());
    } else {
      products.multiply(left, part, found.view());
      products.multiply(left, part.values, expected.view());
      products.add_multiply(left, part, found.view());
      products.add_multiply(left, part.values, expected.view());
    }
    CHECK(tests::same_bits(found.constant(), expected.constant()));
    CHECK(found.gaps_untouched());
  }
}

TEST_CASE("a packed operand, and a part of one, give the same bits in every precision") {
  for (Precision precision : precisions) {
    for (const int64_t rows : {7, 23, 64, 130}) {
      for (int64_t depth : {1, 5, 64, 77, 300}) {
        for (int64_t columns : {1, 5, 64, 77, 130}) {
          CAPTURE(rows);
          CAPTURE(depth);
          CAPTURE(columns);
          const auto& products = ops::products(precision);
          const Padded a = Padded::random(rows, depth, 3, 1);
          check_packed(products, a, Padded::random(depth, columns, 2, 2),
                       ops::Products::Use::plain);
          check_packed(products, a, Padded::random(columns, depth, 1, 3),
                       ops::Products::Use::transposed);
        }
      }
    }
  }
}

TEST_CASE("attention's products of whole numbers are exact in every precision") {
  for (Precision precision : precisions) {
    for (const int64_t rows : {1, 7, 8, 23, 64, 130}) {
      for (int64_t depth : {1, 5, 64, 77, 300}) {
        for (int64_t columns : {1, 5, 64, 77, 130}) {
          CAPTURE(rows);
          CAPTURE(depth);
          CAPTURE(columns);
          check_products(ops::products(precision), Operands(rows, depth, columns));
        }
      }
    }
  }
}

TEST_CASE("attention's products in bf16 are within 2^-7 of the largest value") {
  const Padded a = Padded::random(64, 77, 3, 1), b = Padded::random(77, 130, 5, 2);
  Padded found(64, 130, 0), expected(64, 130, 0);
  ops::products(Precision::bf16).multiply(a.view(), b.view(), found.view());
  reference::multiply(a.view(), b.view(), expected.view());
  CHECK(relative_error(found.constant(), expected.constant()) < 0x1p-7);
}

TEST_CASE("a product of no depth is zero in every precision") {
  for (Precision precision : precisions) {
    Padded c = Padded::random(9, 3, 0);
    ops::products(precision).multiply(ConstView(nullptr, {9, 0}), ConstView(nullptr, {0, 3}),
                                      c.view());
    for (int64_t i = 0; i < 9; ++i) {
      for (float value : c.view().row(i)) CHECK(value == 0);
    }
  }
}

TEST_CASE("packed columns are read from any one on") {
  for (Precision precision : precisions) {
    for (int64_t depth : {1, 5, 64, 300}) {
      CAPTURE(depth);
      const Padded a = bytes_by_row(70, depth, 1), b = turned(bytes_by_row(77, depth, 2));
      const auto columns = ops::pack_columns(b.view(), precision);
      for (const Range range : {Range{0, 77}, Range{3, 20}, Range{76, 77}, Range{13, 77}}) {
        Scratch scratch;
        Padded expected(70, range.end - range.begin, 0);
        const View found = ops::products_with(*columns, a.view(), range, scratch);
        reference::multiply(a.view(), b.view().slice(1, range.begin, range.end), expected.view());
        CHECK(tests::same_bits(found, expected.constant()));
      }
    }
  }
}

// c[i, j] += factor (column M - 1 - i + j of a) . b[j], plainly.
void add_diagonals(const Padded& a, const Padded& b, float factor, View c) {
  for (int64_t i = 0; i < c.size(0); ++i) {
    for (int64_t j = 0; j < c.size(1); ++j) {
      double sum = 0;
      for (int64_t k = 0; k < a.view().size(0); ++k) {
        sum += static_cast<double>(a.view()(k, c.size(0) - 1 - i + j)) * b.view()(j, k);
      }
      c(i, j) += factor * static_cast<float>(sum);
    }
  }
}

void check_diagonals(const ops::Products& products, int64_t rows, int64_t columns, int64_t depth) {
  using Use = ops::Products::Use;
  const int64_t before = 3, all = before + columns;  // keys
  const Padded a = whole_numbers(depth, rows + columns - 1, 1), keys = whole_numbers(all, depth, 2);
  std::vector<float> room(products.packed_size(Use::transposed, all, depth));
  const ops::Operand packed = products.pack(Use::transposed, keys.view(), room);
  CHECK(packed.packer == &products);
  Padded b(columns, depth, 1);
  for (int64_t j = 0; j < columns; ++j) {
    std::ranges::copy(keys.view().row(before + j), b.view().row(j).begin());
  }
  const Tensor words = products.diagonal_words(a.view());
  Padded found = whole_numbers(rows, columns, 4), expected = found;
  products.add_diagonals(words.view().slice(1, 0, rows + columns - 1), packed.slice(before, all),
                         0.5f, found.view());
  add_diagonals(a, b, 0.5f, expected.view());
  CHECK(tests::same_bits(found.constant(), expected.constant()));
  CHECK(found.gaps_untouched());
}

TEST_CASE("products by diagonal of whole numbers are exact in every precision") {
  for (Precision precision : precisions) {
    for (const int64_t rows : {1, 3, 16, 23, 64, 70}) {
      for (const int64_t columns : {1, 5, 16, 33, 64, 131}) {
        for (const int64_t depth : {1, 5, 64}) {
          CAPTURE(rows);
          CAPTURE(columns);
          CAPTURE(depth);
          check_diagonals(ops::products(precision), rows, columns, depth);
        }
      }
    }
  }
}

TEST_CASE("packed columns in 8 bits are within two hundredths of the largest value") {
  const Padded a = Padded::random(64, 64, 3, 1), b = Padded::random(64, 130, 5, 2);
  Padded expected(64, 130, 0);
  Scratch scratch;
  const auto columns = ops::pack_columns(b.view(), Precision::int8);
  const View found = ops::products_with(*columns, a.view(), {0, 130}, scratch);
  reference::multiply(a.view(), b.view(), expected.view());
  CHECK(relative_error(found, expected.constant()) < 0.02);
}

}  // namespace
}  // namespace locus
