// The loops of dot_product.hpp. Included inside a namespace, by a file that has switched on AVX-512
// and defines `Product` and `Sums`: a vector of sums with `begin`, `add` and `end`. Row i and
// vector j of a product's columns are what `begin` and `end` are of. NOLINTBEGIN(llvm-header-guard)

constexpr __mmask16 all = 0xffff;
constexpr int max_vectors = 4;
constexpr int64_t rows_ahead = 16;  // words of the depth, far enough for b that comes from memory
constexpr int rows_beside(int vectors) { return vectors == max_vectors ? 6 : 8; }

__mmask16 first_lanes(int64_t count) {
  return count >= dot::lanes ? all : static_cast<__mmask16>((1u << count) - 1);
}

__m512i broadcast(const dot::Word* word) {
  int value = 0;
  std::memcpy(&value, word, sizeof value);  // it may have been written as several values
  return _mm512_set1_epi32(value);
}

/// `fetched`: words of `next` for each word of the depth.
template <int rows, int vectors, Fetch fetch>
HWY_NOINLINE void multiply_block(const Product& product, __mmask16 last,
                                 [[maybe_unused]] int64_t fetched) {
  typename Sums::Vector sums[rows][vectors];
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) {
      sums[i][j] = Sums::begin(product, i, j, j + 1 < vectors ? all : last);
    }
  }
  for (int64_t k = 0; k < product.words; ++k) {
    if constexpr (fetch == Fetch::next) {
      for (int64_t word = 0; word < fetched; word += line_values) {
        _mm_prefetch(product.next + k * fetched + word, _MM_HINT_T1);
      }
    }
    const dot::Word* const row = product.b + k * product.b_stride;
    __m512i b[vectors];
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) {
      b[j] = _mm512_loadu_si512(row + j * dot::lanes);
      if constexpr (fetch == Fetch::ahead) {
        _mm_prefetch(row + rows_ahead * product.b_stride + j * dot::lanes, _MM_HINT_T0);
      }
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      const __m512i a = broadcast(product.a + i * product.a_stride + k);
#pragma GCC unroll 16
      for (int j = 0; j < vectors; ++j) sums[i][j] = Sums::add(sums[i][j], a, b[j]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) {
      Sums::end(product, i, j, j + 1 < vectors ? all : last, sums[i][j]);
    }
  }
}

// For a number of rows that is known at run time, at most rows_beside(vectors).
template <int vectors, Fetch fetch, int rows = rows_beside(vectors)>
void multiply_rows(int64_t count, const Product& product, __mmask16 last, int64_t fetched = 0) {
  if constexpr (rows > 1) {
    if (count < rows) return multiply_rows<vectors, fetch, rows - 1>(count, product, last, fetched);
  }
  multiply_block<rows, vectors, fetch>(product, last, fetched);
}

template <int vectors>
void multiply_column(int64_t rows, int64_t columns, Product product) {
  const __mmask16 last = first_lanes(columns - (vectors - 1) * dot::lanes);
  RowGroups groups(rows, rows_beside(vectors), product.next == nullptr ? 0 : dot::max_columns);
  while (!groups.empty()) {
    const RowGroup group = groups.take();
    switch (group.fetch) {
      case Fetch::nothing:
        multiply_rows<vectors, Fetch::nothing>(group.rows, product, last);
        break;
      case Fetch::ahead:
        multiply_rows<vectors, Fetch::ahead>(group.rows, product, last);
        break;
      case Fetch::next:
        multiply_rows<vectors, Fetch::next>(group.rows, product, last, group.fetched);
        product.next += product.words * group.fetched;
        break;
    }
    product.skip_rows(group.rows);
  }
}

template <int vectors = max_vectors>
void multiply_columns(int64_t rows, int64_t columns, const Product& product) {
  if constexpr (vectors > 1) {
    if (columns <= (vectors - 1) * dot::lanes) {
      return multiply_columns<vectors - 1>(rows, columns, product);
    }
  }
  multiply_column<vectors>(rows, columns, product);
}

// NOLINTEND(llvm-header-guard)
