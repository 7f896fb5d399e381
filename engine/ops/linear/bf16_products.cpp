#include "engine/ops/linear/bf16_products.hpp"

#include <algorithm>

#include "engine/ops/linear/product_loops.hpp"

namespace locus::ops::bf16 {
namespace {

// What is paired anew for every product lies on the stack: 16 KiB a piece.
constexpr int64_t piece_rows = 64;
constexpr int64_t piece_pairs = 64;

// Fewer rows are not worth rounding b's values for, which is then read once.
constexpr int64_t min_rows = 8;

int64_t pairs_of(int64_t depth) { return (depth + 1) / 2; }

/// Columns [column, column + columns) and pairs [pair, pair + pairs) of b.
struct Piece {
  int64_t column, columns, pair, pairs;
};
struct PiecePlace {
  dot::Word* data;
  int64_t stride;
};

PiecePlace part(const PiecePlace& whole, const Piece& piece) {
  return {whole.data + piece.pair * whole.stride + piece.column, whole.stride};
}

// Words in memory of f32 values: of their size, and not computed with.
dot::Word* words(float* values) { return reinterpret_cast<dot::Word*>(values); }

// c = a b, or what is there and that; `place` gives the pieces of b.
template <typename Place>
void multiply_pieces(const PairLoops& loops, ConstView a, View c, bool adds, const Place& place) {
  alignas(64) dot::Word left[piece_rows * piece_pairs];
  const int64_t depth = a.size(1), all = pairs_of(depth);
  for (int64_t pair = 0; pair < all; pair += piece_pairs) {
    const int64_t pairs = std::min(piece_pairs, all - pair);
    const int64_t values = std::min(2 * pairs, depth - 2 * pair);
    for (int64_t row = 0; row < a.size(0); ++row) {
      loops.pair_neighbours(a.row(row).data() + 2 * pair, values, left + row * piece_pairs);
    }
    dot::for_passes(c.size(1), [&](int64_t begin, int64_t end) {
      const Piece piece{begin, end - begin, pair, pairs};
      const PiecePlace b = place(piece);
      float* const to = c.data + begin;
      loops.multiply(a.size(0), piece.columns,
                     {left, piece_pairs, b.data, b.stride, to, c.stride(0),
                      adds || pair > 0 ? to : nullptr, pairs});
    });
  }
}

// Products of any number of rows, in pieces of `piece_rows`. Without depth (K = 0) they are zeros.
template <typename Place>
void multiply_all(const PairLoops& loops, ConstView a, View c, bool adds, const Place& place) {
  if (a.size(1) == 0 && !adds) {
    for (int64_t row = 0; row < c.size(0); ++row) std::ranges::fill(c.row(row), 0.0f);
  }
  for (int64_t row = 0; row < a.size(0); row += piece_rows) {
    const int64_t end = std::min(a.size(0), row + piece_rows);
    multiply_pieces(loops, a.slice(0, row, end), c.slice(0, row, end), adds, place);
  }
}

void pair_depths(const PairLoops& loops, ConstView b, const Piece& piece, PiecePlace to) {
  for (int64_t pair = 0; pair < piece.pairs; ++pair) {
    const int64_t k = 2 * (piece.pair + pair);
    const float* row = b.data + k * b.stride(0) + piece.column;
    const float* next = k + 1 < b.size(0) ? row + b.stride(0) : nullptr;
    loops.pair_rows(row, next, piece.columns, to.data + pair * to.stride);
  }
}

// Of b^T: rows of b are columns.
void pair_transposed(const PairLoops& loops, ConstView b, const Piece& piece, PiecePlace to) {
  alignas(64) dot::Word rows[dot::max_columns * piece_pairs];
  const int64_t k = 2 * piece.pair, values = std::min(2 * piece.pairs, b.size(1) - k);
  for (int64_t n = 0; n < piece.columns; ++n) {
    loops.pair_neighbours(b.row(piece.column + n).data() + k, values, rows + n * piece_pairs);
  }
  product_loops().transpose(
      {reinterpret_cast<const float*>(rows), piece.columns, piece.pairs, piece_pairs},
      reinterpret_cast<float*>(to.data), to.stride, whole_registers(piece.columns));
}

// The columns of a matrix as pairs. [K / 2, N and what is after]
Tensor paired(const PairLoops& loops, ConstView columns) {
  Tensor pairs({pairs_of(columns.size(0)), padded_columns(columns.size(1))});
  pair_depths(loops, columns, {0, columns.size(1), 0, pairs.shape()[0]},
              {words(pairs.data()), pairs.shape()[1]});
  return pairs;
}

class Bf16Products : public Products {
 public:
  explicit Bf16Products(const PairLoops& loops) : loops_(loops) {}

  void multiply_transposed(ConstView a, const Operand& b, View c) const override {
    if (a.size(0) < min_rows) return ops::multiply_transposed(a, b.values, c);
    if (b.packed != nullptr) return packed(a, b, c, false);
    alignas(64) dot::Word panel[piece_pairs * dot::max_columns];
    multiply_all(loops_, a, c, false, [&](const Piece& piece) {
      const PiecePlace place{panel, dot::max_columns};
      pair_transposed(loops_, b.values, piece, place);
      return place;
    });
  }
  void multiply(ConstView a, const Operand& b, View c) const override {
    a.size(0) < min_rows ? ops::multiply(a, b.values, c) : plain(a, b, c, false);
  }
  void add_multiply(ConstView a, const Operand& b, View c) const override {
    a.size(0) < min_rows ? ops::add_multiply(a, b.values, c) : plain(a, b, c, true);
  }
  void add_diagonals(ConstView a, const Operand& b, float factor, View c) const override {
    add_diagonal_product(loops_.add_diagonals, a, b, factor, c);
  }
  Tensor diagonal_words(ConstView columns) const override { return paired(loops_, columns); }
  int64_t padded(int64_t columns) const override { return padded_columns(columns); }
  int64_t packed_size(Use use, int64_t rows, int64_t columns) const override {
    return use == Use::transposed ? pairs_of(columns) * padded_columns(rows)
                                  : pairs_of(rows) * padded_columns(columns);
  }
  Operand pack(Use use, ConstView b, std::span<float> room) const override {
    Operand result(b);
    result.packed = room.data();
    result.packer = this;
    result.stride = padded_columns(b.size(use == Use::transposed ? 0 : 1));
    const PiecePlace whole{words(room.data()), result.stride};
    if (use == Use::transposed) {
      result.step = 1;
      pack_transposed(b, whole);
    } else {
      result.step = result.stride;
      result.together = 2;
      pair_depths(loops_, b, {0, b.size(1), 0, pairs_of(b.size(0))}, whole);
    }
    return result;
  }

 private:
  void plain(ConstView a, const Operand& b, View c, bool adds) const {
    if (b.packed != nullptr) return packed(a, b, c, adds);
    alignas(64) dot::Word panel[piece_pairs * dot::max_columns];
    multiply_all(loops_, a, c, adds, [&](const Piece& piece) {
      const PiecePlace place{panel, dot::max_columns};
      pair_depths(loops_, b.values, piece, place);
      return place;
    });
  }
  void pack_transposed(ConstView b, const PiecePlace& whole) const {
    const int64_t columns = b.size(0), pairs = pairs_of(b.size(1));
    for (int64_t pair = 0; pair < pairs; pair += piece_pairs) {
      for (int64_t column = 0; column < columns; column += dot::max_columns) {
        const Piece piece{column, std::min(dot::max_columns, columns - column), pair,
                          std::min(piece_pairs, pairs - pair)};
        pair_transposed(loops_, b, piece, part(whole, piece));
      }
    }
  }
  void packed(ConstView a, const Operand& b, View c, bool adds) const {
    const PiecePlace whole{words(const_cast<float*>(b.packed)), b.stride};
    multiply_all(loops_, a, c, adds, [&](const Piece& piece) { return part(whole, piece); });
  }

  const PairLoops& loops_;
};

class Bf16Columns : public PackedColumns {
 public:
  Bf16Columns(ConstView columns, const PairLoops& loops)
      : loops_(loops), pairs_(paired(loops, columns)) {}
  void multiply(ConstView a, int64_t first, View c) const override {
    const PiecePlace whole{words(const_cast<float*>(pairs_.data())) + first, pairs_.shape()[1]};
    multiply_all(loops_, a, c, false, [&](const Piece& piece) {
      const PiecePlace place = part(whole, piece);
      dot::fetch_panel(place.data + piece.columns, piece.pairs, place.stride);
      return place;
    });
  }

 private:
  const PairLoops& loops_;
  Tensor pairs_;  // [K / 2, N and what is after]
};

}  // namespace

const Products& products(const PairLoops& loops) {
  static const Bf16Products made(loops);
  return made;
}

std::unique_ptr<PackedColumns> pack_columns(ConstView columns, const PairLoops& loops) {
  return std::make_unique<Bf16Columns>(columns, loops);
}

}  // namespace locus::ops::bf16
