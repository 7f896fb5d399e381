#include "engine/ops/linear/int8_columns.hpp"

#include <algorithm>
#include <vector>

#include "engine/ops/linear/bf16_products.hpp"
#include "engine/ops/linear/int8_loops.hpp"
#include "engine/ops/linear/product_loops.hpp"
#include "engine/ops/linear/quantize.hpp"

namespace locus::ops::int8 {
namespace {

constexpr int64_t bytes_of_word = sizeof(dot::Word);
constexpr int64_t room = 4096;    // words of rows on the stack: 16 KiB
constexpr int64_t max_rows = 64;  // of them
constexpr int64_t max_depth = room * bytes_of_word;

class Columns : public PackedColumns {
 public:
  Columns(ConstView columns, dot::MultiplyAs<dot::ScaledProduct> multiply)
      : multiply_(multiply),
        depth_(columns.size(0)),
        words_((depth_ + bytes_of_word - 1) / bytes_of_word),
        stride_(bf16::padded_columns(columns.size(1))),
        packed_(words_ * stride_),
        start_(stride_),
        scale_(stride_) {
    std::vector<dot::Word> rows(columns.size(1) * words_);
    std::vector<float> column(depth_);
    for (int64_t n = 0; n < columns.size(1); ++n) {
      for (int64_t k = 0; k < depth_; ++k) column[k] = columns(k, n);
      auto* const rounded = reinterpret_cast<int8_t*>(rows.data() + n * words_);
      scale_[n] = quantize_to_s8(column, rounded);
      // Rows are stored with 128 added, which vpdpbusd wants unsigned.
      for (int64_t k = 0; k < depth_; ++k) start_[n] -= 128 * rounded[k];
    }
    // Words are moved as values of their size, and not computed with.
    product_loops().transpose(
        {reinterpret_cast<const float*>(rows.data()), columns.size(1), words_, words_},
        reinterpret_cast<float*>(packed_.data()), stride_, bf16::whole_registers(columns.size(1)));
  }

  void multiply(ConstView a, int64_t first, View c) const override {
    const int64_t rows = std::clamp(room / std::max<int64_t>(1, words_), int64_t{1}, max_rows);
    for (int64_t row = 0; row < a.size(0); row += rows) {
      const int64_t end = std::min(a.size(0), row + rows);
      multiply_rows(a.slice(0, row, end), first, c.slice(0, row, end));
    }
  }

 private:
  void multiply_rows(ConstView a, int64_t first, View c) const {
    alignas(64) dot::Word rows[room];
    float scales[max_rows];
    for (int64_t row = 1; words_ > 0 && row <= a.size(0); ++row) rows[row * words_ - 1] = 0;
    quantize_rows_to_u8(a, reinterpret_cast<uint8_t*>(rows), words_ * bytes_of_word, scales);
    dot::ScaledProduct product;
    product.a = rows;
    product.a_stride = product.words = words_;
    product.b_stride = stride_;
    product.c_stride = c.stride(0);
    product.row_scale = scales;
    dot::for_passes(c.size(1), [&](int64_t begin, int64_t end) {
      product.b = packed_.data() + first + begin;
      dot::fetch_panel(product.b + end - begin, words_, stride_);
      product.c = c.data + begin;
      product.column_start = start_.data() + first + begin;
      product.column_scale = scale_.data() + first + begin;
      multiply_(a.size(0), end - begin, product);
    });
  }

  dot::MultiplyAs<dot::ScaledProduct> multiply_;
  int64_t depth_;
  int64_t words_;  // of a column
  int64_t stride_;
  std::vector<dot::Word> packed_;  // [words, N and what is after]
  std::vector<int32_t> start_;     // [N and what is after]
  std::vector<float> scale_;       // [N and what is after]
};

}  // namespace

std::unique_ptr<PackedColumns> pack_columns(ConstView columns) {
  const auto multiply = multiply_scaled();
  if (multiply == nullptr || columns.size(0) > max_depth) return nullptr;
  return std::make_unique<Columns>(columns, multiply);
}

}  // namespace locus::ops::int8
