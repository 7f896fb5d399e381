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

/// What is fetched from memory while it multiplies: nothing; lines of b that it needs soon; or
/// `fetched` words of `next` for each word of the depth.
enum class Fetch { nothing, ahead, next };
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
      for (int64_t word = 0; word < fetched; word += dot::lanes) {
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
  constexpr int64_t max_rows = rows_beside(vectors);
  int64_t groups = (rows + max_rows - 1) / max_rows;
  const bool few = rows < 2 * max_rows;  // so that b itself is waited for
  // What comes next comes evenly while this is multiplied, whole lines of the cache at a time.
  int64_t missing = product.next == nullptr || few ? 0 : dot::max_columns;
  const int64_t even = (missing / groups + dot::lanes - 1) / dot::lanes * dot::lanes;
  for (; groups > 0; --groups) {
    const int64_t count = (rows + groups - 1) / groups, fetched = std::min(even, missing);
    if (fetched > 0) {
      multiply_rows<vectors, Fetch::next>(count, product, last, fetched);
      product.next += product.words * fetched;
    } else if (few) {
      multiply_rows<vectors, Fetch::ahead>(count, product, last);
    } else {
      multiply_rows<vectors, Fetch::nothing>(count, product, last);
    }
    product.skip_rows(count);
    missing -= fetched;
    rows -= count;
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
