// Products of words: each holds the values of neighbouring depths, two of bf16 or four of 8 bits.
#pragma once

#include <algorithm>
#include <cstdint>

namespace locus::ops::dot {

/// The value of the lowest depth lies in the lowest bits.
using Word = uint32_t;

constexpr int64_t lanes = 16;
constexpr int64_t max_columns = 4 * lanes;

/// c = start + a b, where every value of c is one chain of additions of words over the depth,
/// whatever the blocking.
template <typename Sum>
struct DotProduct {
  const Word* a = nullptr;  ///< [rows, words]
  int64_t a_stride = 0;
  const Word* b = nullptr;  ///< [words, columns], and room for whole vectors in every row
  int64_t b_stride = 0;
  Sum* c = nullptr;  ///< [rows, columns]
  int64_t c_stride = 0;
  const Sum* start = nullptr;  ///< [rows, columns] as c lies, may be c; null for zeroes
  int64_t words = 0;
  const Word* next = nullptr;  ///< [words, max_columns] that come into the cache meanwhile

  void skip_rows(int64_t rows) {
    a += rows * a_stride;
    c += rows * c_stride;
    if (start != nullptr) start += rows * c_stride;
  }
};

/// c = (column_start + a b) row_scale column_scale, of words of 8 bits.
struct ScaledProduct : DotProduct<float> {
  const int32_t* column_start = nullptr;  ///< [columns], of every row
  const float* row_scale = nullptr;       ///< [rows]
  const float* column_scale = nullptr;    ///< [columns]

  void skip_rows(int64_t rows) {
    DotProduct::skip_rows(rows);
    row_scale += rows;
  }
};

/// Any number of rows, of at most max_columns columns.
template <typename Product>
using MultiplyAs = void (*)(int64_t rows, int64_t columns, const Product& product);
template <typename Sum>
using Multiply = MultiplyAs<DotProduct<Sum>>;

/// Brings columns that a product needs soon into the cache: its rows lie in as many pages, which
/// the CPU fetches nothing from by itself.
inline void fetch_panel(const Word* panel, int64_t words, int64_t stride) {
  for (int64_t word = 0; word < words; ++word) {
    for (int64_t column = 0; column <= max_columns; column += lanes) {
      __builtin_prefetch(panel + word * stride + column);
    }
  }
}

/// Calls `visit(begin, end)` for parts of so many columns as a product has at a time, as even as
/// whole vectors allow.
template <typename Visit>
void for_passes(int64_t columns, const Visit& visit) {
  const int64_t vectors = (columns + lanes - 1) / lanes,
                passes = (columns + max_columns - 1) / max_columns;
  for (int64_t pass = 0, begin = 0; pass < passes; ++pass) {
    const int64_t end = std::min(columns, (pass + 1) * vectors / passes * lanes);
    visit(begin, end);
    begin = end;
  }
}

}  // namespace locus::ops::dot
