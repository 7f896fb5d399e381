// Products of words: each holds the values of neighbouring depths, two of bf16 or four of 8 bits.
#pragma once

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
};

/// Any number of rows, of at most max_columns columns.
template <typename Sum>
using Multiply = void (*)(int64_t rows, int64_t columns, const DotProduct<Sum>& product);

}  // namespace locus::ops::dot
