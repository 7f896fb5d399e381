// The products of attention: few rows, and operands that are read where they lie.
#include <algorithm>

#include "engine/ops/linear/product_loops.hpp"
#include "engine/ops/ops.hpp"

namespace locus::ops {
namespace {

// A piece of b that is copied lies on the stack: 32 KiB at most.
constexpr int64_t panel_depth = 128;
constexpr int64_t panel_width = 64;  // four vectors of AVX-512

struct Piece {
  int64_t column, columns, k, depth;
};

// Calls `use` for the pieces of b in an order that adds up each column from the first k.
template <typename Use>
void for_each_piece(int64_t columns, int64_t depth, const ProductLoops& loops, const Use& use) {
  const int64_t vectors = loops.padded(columns) / loops.lanes;
  const int64_t passes = (vectors + loops.max_vectors - 1) / loops.max_vectors;
  int64_t column = 0;
  for (int64_t pass = 0; pass < passes; ++pass) {
    const int64_t end = std::min(columns, (pass + 1) * vectors / passes * loops.lanes);
    int64_t k = 0;
    do {
      use(Piece{column, end - column, k, std::min(panel_depth, depth - k)});
      k += panel_depth;
    } while (k < depth);
    column = end;
  }
}

/// What a product begins with.
enum class Start { zero, what_is_there };

// The product that adds a piece, without its b.
Product product_of(const Piece& piece, ConstView a, View c, Start start) {
  static constexpr float zeroes[panel_width] = {};
  Product product;
  product.a = a.data + piece.k;
  product.a_stride = a.stride(0);
  product.c = c.data + piece.column;
  product.c_stride = c.stride(0);
  const bool adds = start == Start::what_is_there || piece.k > 0;
  product.start = adds ? product.c : zeroes;
  product.start_stride = adds ? product.c_stride : 0;
  product.depth = piece.depth;
  return product;
}

// b's columns, and zeroes up to `width`.
void copy_padded(const Product& product, int64_t columns, float* to, int64_t width) {
  for (int64_t k = 0; k < product.depth; ++k) {
    const float* row = product.b + k * product.b_stride;
    std::fill(std::copy_n(row, columns, to + k * width), to + (k + 1) * width, 0.0f);
  }
}

void transposed_product(ConstView a, ConstView b, View c, Start start) {
  const ProductLoops& loops = product_loops();
  alignas(64) float panel[panel_depth * panel_width];
  for_each_piece(b.size(0), a.size(1), loops, [&](const Piece& piece) {
    Product product = product_of(piece, a, c, start);
    product.b = panel;
    product.b_stride = loops.padded(piece.columns);
    const float* first = b.data + piece.column * b.stride(0) + piece.k;
    loops.transpose({first, piece.columns, piece.depth, b.stride(0)}, panel, product.b_stride,
                    product.b_stride);
    loops.multiply(a.size(0), piece.columns, product);
  });
}

void plain_product(ConstView a, ConstView b, View c, Start start) {
  const ProductLoops& loops = product_loops();
  alignas(64) float panel[panel_depth * panel_width];
  for_each_piece(b.size(1), a.size(1), loops, [&](const Piece& piece) {
    Product product = product_of(piece, a, c, start);
    product.b = b.data + piece.k * b.stride(0) + piece.column;
    product.b_stride = b.stride(0);
    const int64_t width = loops.padded(piece.columns);
    if (width != piece.columns) {
      copy_padded(product, piece.columns, panel, width);
      product.b = panel;
      product.b_stride = width;
    }
    loops.multiply(a.size(0), piece.columns, product);
  });
}

}  // namespace

void multiply_transposed(ConstView a, ConstView b, View c) {
  transposed_product(a, b, c, Start::zero);
}
void add_multiply_transposed(ConstView a, ConstView b, View c) {
  transposed_product(a, b, c, Start::what_is_there);
}
void multiply(ConstView a, ConstView b, View c) { plain_product(a, b, c, Start::zero); }
void add_multiply(ConstView a, ConstView b, View c) {
  plain_product(a, b, c, Start::what_is_there);
}

}  // namespace locus::ops
