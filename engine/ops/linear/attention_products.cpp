// Which products attention has in a precision.
#include <algorithm>

#include "engine/ops/linear/bf16_products.hpp"
#include "engine/ops/ops.hpp"

namespace locus::ops {
namespace {

constexpr int64_t register_width = 16;  // of AVX-512

int64_t whole_registers(int64_t columns) {
  return (columns + register_width - 1) / register_width * register_width;
}

class F32Products : public Products {
 public:
  void multiply_transposed(ConstView a, ConstView b, View c) const override {
    ops::multiply_transposed(a, b, c);
  }
  void multiply(ConstView a, ConstView b, View c) const override { ops::multiply(a, b, c); }
  void add_multiply(ConstView a, ConstView b, View c) const override { ops::add_multiply(a, b, c); }
};

class F32Columns : public PackedColumns {
 public:
  explicit F32Columns(ConstView columns)
      : values_({columns.size(0), bf16::padded_columns(columns.size(1))}) {
    for (int64_t k = 0; k < columns.size(0); ++k) {
      std::ranges::copy(columns.row(k), values_.view().row(k).begin());
    }
  }
  void multiply(ConstView a, int64_t first, View c) const override {
    ops::multiply(a, values_.view().slice(1, first, first + c.size(1)), c);
  }

 private:
  Tensor values_;  // [K, N and what is behind]
};

// Operands of int8 products would need scales of their own.
const bf16::PairLoops* loops_of(Precision precision) {
  return precision == Precision::f32 ? nullptr : bf16::loops();
}

}  // namespace

int64_t bf16::padded_columns(int64_t columns) {
  const int64_t width = whole_registers(columns) + register_width;
  return width / register_width % 2 == 0 ? width + register_width : width;
}

const Products& products(Precision precision) {
  static const F32Products plain;
  const bf16::PairLoops* const loops = loops_of(precision);
  return loops != nullptr ? bf16::products(*loops) : plain;
}

std::unique_ptr<PackedColumns> pack_columns(ConstView columns, Precision precision) {
  const bf16::PairLoops* const loops = loops_of(precision);
  if (loops != nullptr) return bf16::pack_columns(columns, *loops);
  return std::make_unique<F32Columns>(columns);
}

View products_with(const PackedColumns& columns, ConstView a, Range range, Scratch& scratch) {
  const int64_t count = range.end - range.begin;
  const View result = scratch.matrix(a.size(0), whole_registers(count));
  columns.multiply(a, range.begin, result);
  return result.slice(1, 0, count);
}

}  // namespace locus::ops
