// Which products attention has in a precision.
#include <algorithm>

#include "engine/ops/linear/bf16_products.hpp"
#include "engine/ops/linear/diagonal_product.hpp"
#include "engine/ops/linear/int8_columns.hpp"
#include "engine/ops/linear/product_loops.hpp"
#include "engine/ops/ops.hpp"

namespace locus::ops {
namespace {

constexpr int64_t register_width = 16;  // of AVX-512

Tensor padded_copy(ConstView columns) {
  Tensor values({columns.size(0), bf16::padded_columns(columns.size(1))});
  for (int64_t k = 0; k < columns.size(0); ++k) {
    std::ranges::copy(columns.row(k), values.view().row(k).begin());
  }
  return values;
}

// Packed is what would be transposed for every product.
class F32Products : public Products {
 public:
  void multiply_transposed(ConstView a, const Operand& b, View c) const override {
    if (b.packed == nullptr) return ops::multiply_transposed(a, b.values, c);
    ops::multiply(a, ConstView(b.packed, {a.size(1), c.size(1)}, {b.stride, 1}), c);
  }
  void multiply(ConstView a, const Operand& b, View c) const override {
    ops::multiply(a, b.values, c);
  }
  void add_multiply(ConstView a, const Operand& b, View c) const override {
    ops::add_multiply(a, b.values, c);
  }
  void add_diagonals(ConstView a, const Operand& b, float factor, View c) const override {
    add_diagonal_product(diagonal_loops(), a, b, factor, c);
  }
  Tensor diagonal_words(ConstView columns) const override { return padded_copy(columns); }
  int64_t padded(int64_t columns) const override { return bf16::padded_columns(columns); }
  int64_t packed_size(Use use, int64_t rows, int64_t columns) const override {
    return use == Use::transposed ? columns * bf16::padded_columns(rows) : 0;
  }
  Operand pack(Use /*use*/, ConstView b, std::span<float> room) const override {
    Operand result(b);
    result.packed = room.data();
    result.stride = bf16::padded_columns(b.size(0));
    result.step = 1;
    result.packer = this;
    product_loops().transpose({b.data, b.size(0), b.size(1), b.stride(0)}, room.data(),
                              result.stride, bf16::whole_registers(b.size(0)));
    return result;
  }
};

class F32Columns : public PackedColumns {
 public:
  explicit F32Columns(ConstView columns) : values_(padded_copy(columns)) {}
  void multiply(ConstView a, int64_t first, View c) const override {
    ops::multiply(a, values_.view().slice(1, first, first + c.size(1)), c);
  }

 private:
  Tensor values_;  // [K, N and what is after]
};

// Keys and values of 8 bits would need scales of their own.
const bf16::PairLoops* loops_of(Precision precision) {
  return precision == Precision::f32 ? nullptr : bf16::loops();
}

}  // namespace

Operand Operand::slice(int64_t begin, int64_t end) const {
  Operand part(values.slice(0, begin, end));
  const bool whole = begin % together == 0 && (end % together == 0 || end == values.size(0));
  if (packed == nullptr || !whole) return part;
  part.packed = packed + begin / together * step;
  part.stride = stride;
  part.step = step;
  part.together = together;
  part.packer = packer;
  return part;
}

int64_t bf16::whole_registers(int64_t columns) {
  return (columns + register_width - 1) / register_width * register_width;
}

int64_t bf16::padded_columns(int64_t columns) {
  const int64_t width = bf16::whole_registers(columns) + register_width;
  return width / register_width % 2 == 0 ? width + register_width : width;
}

const Products& products(Precision precision) {
  static const F32Products plain;
  const bf16::PairLoops* const loops = loops_of(precision);
  return loops != nullptr ? bf16::products(*loops) : plain;
}

std::unique_ptr<PackedColumns> pack_columns(ConstView columns, Precision precision) {
  if (precision == Precision::int8) {
    if (auto packed = int8::pack_columns(columns)) return packed;
  }
  const bf16::PairLoops* const loops = loops_of(precision);
  if (loops != nullptr) return bf16::pack_columns(columns, *loops);
  return std::make_unique<F32Columns>(columns);
}

View products_with(const PackedColumns& columns, ConstView a, Range range, Scratch& scratch) {
  const int64_t count = range.end - range.begin;
  const View result = scratch.matrix(a.size(0), bf16::whole_registers(count));
  columns.multiply(a, range.begin, result);
  return result.slice(1, 0, count);
}

}  // namespace locus::ops
