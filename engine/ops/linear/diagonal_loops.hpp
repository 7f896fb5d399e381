// The loops of diagonal_product.hpp. Included inside a namespace, once for each set of
// instructions, by a file that defines `Words`: vectors of `width` words with `load`, and sums of
// their products with `zero`, `add` and `finish`. NOLINTBEGIN(llvm-header-guard)

// c lies in squares of `width`: the same row of all squares down a diagonal needs one vector of a.
// Sums of some rows and squares, the squares' columns of b and a vector of a stay in registers.
constexpr int64_t width = Words::width;
constexpr int max_squares = width == 16 ? 4 : 2;
constexpr int max_square_rows = width == 16 ? 6 : 4;

/// `last`: columns of the last square.
template <int rows, int squares>
HWY_NOINLINE void add_block(const DiagonalProduct& product, int64_t last) {
  typename Words::Sums sums[rows][squares];
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < squares; ++j) sums[i][j] = Words::zero();
  }
  for (int64_t k = 0; k < product.words; ++k) {
    typename Words::Vector b[squares];
#pragma GCC unroll 16
    for (int j = 0; j < squares; ++j) {
      b[j] = Words::load(product.b + k * product.b_stride + j * width);
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      const typename Words::Vector a = Words::load(product.a + k * product.a_stride - i);
#pragma GCC unroll 16
      for (int j = 0; j < squares; ++j) sums[i][j] = Words::add(sums[i][j], a, b[j]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < squares; ++j) {
      float* const c = product.c + (i + j * width) * product.c_stride + j * width;
      Words::finish(c, j + 1 < squares ? width : last, product.factor, sums[i][j]);
    }
  }
}

// For a number of rows that is known at run time, at most max_square_rows.
template <int squares, int rows = max_square_rows>
void add_rows(int64_t count, const DiagonalProduct& product, int64_t last) {
  if constexpr (rows > 1) {
    if (count < rows) return add_rows<squares, rows - 1>(count, product, last);
  }
  add_block<rows, squares>(product, last);
}

// For a number of squares that is known at run time, at most max_squares; of any number of rows.
template <int squares = max_squares>
void add_squares(int64_t count, int64_t rows, DiagonalProduct product, int64_t last) {
  if constexpr (squares > 1) {
    if (count < squares) return add_squares<squares - 1>(count, rows, product, last);
  }
  for (int64_t groups = (rows + max_square_rows - 1) / max_square_rows; groups > 0; --groups) {
    const int64_t group = (rows + groups - 1) / groups;
    add_rows<squares>(group, product, last);
    product.a -= group;
    product.c += group * product.c_stride;
    rows -= group;
  }
}

// The rows from `first` on of the squares of a diagonal, `down` of which have these rows. The
// diagonal's squares are as many squares to the right as `diagonal` says.
void add_diagonal(int64_t diagonal, int64_t first, int64_t rows, int64_t down, int64_t columns,
                  const DiagonalProduct& product) {
  const int64_t end = std::min(down, (columns + width - 1) / width - diagonal);
  for (int64_t square = std::max<int64_t>(0, -diagonal); square < end; square += max_squares) {
    const int64_t squares = std::min<int64_t>(max_squares, end - square);
    const int64_t column = (square + diagonal) * width;
    DiagonalProduct part = product;
    part.a += diagonal * width - first;
    part.b += column;
    part.c += (square * width + first) * product.c_stride + column;
    add_squares(squares, rows, part, std::min(width, columns - column - (squares - 1) * width));
  }
}

void add_diagonals(int64_t rows, int64_t columns, const DiagonalProduct& product) {
  const int64_t whole = rows / width, rest = rows % width;
  for (int64_t diagonal = -whole; diagonal * width < columns; ++diagonal) {
    // The words of a column lie in as many pages, which the CPU fetches nothing from by itself.
    for (int64_t k = 0; k < product.words; ++k) {
      __builtin_prefetch(product.a + k * product.a_stride + (diagonal + 2) * width - 1);
    }
    add_diagonal(diagonal, 0, rest, whole + 1, columns, product);
    add_diagonal(diagonal, rest, width - rest, whole, columns, product);
  }
}

// NOLINTEND(llvm-header-guard)
