// The operations that layers are made of.
//
// Each has a plain implementation in reference.cpp (namespace `locus::reference`), which is the
// oracle of its tests, and a fast one (namespace `locus::ops`). All compute on the calling thread;
// callers split rows into tiles.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/threads.hpp"
#include "engine/activation.hpp"
#include "engine/ops/linear/weight_rows.hpp"
#include "engine/options.hpp"
#include "engine/position.hpp"
#include "engine/probabilities.hpp"
#include "engine/tensor.hpp"

namespace locus::ops {

enum class NormKind { layer, rms };
struct NormWeights {
  NormKind kind = NormKind::layer;
  std::span<const float> gain;  ///< [D], or empty for 1
  std::span<const float> bias;  ///< [D], or empty for 0
  float epsilon = 0;
};

/// A linear map y = activation(x W^T + b) whose weights are packed once.
class PackedLinear {
 public:
  virtual ~PackedLinear() = default;
  virtual int64_t inputs() const = 0;   // K
  virtual int64_t outputs() const = 0;  // N
  /// x: [M, K] and y: [M, N], rows of any stride. Splits itself into tiles on the team.
  virtual void apply(ConstView x, View y, Team& team) const = 0;
  /// Bytes of the packed weights.
  virtual int64_t bytes() const = 0;
  /// What the products are computed in: f32 where the CPU lacks the instructions asked for.
  virtual Precision precision() const = 0;
};

class Products;

/// The b of a product where it lies and, where many products share it, packed too.
struct Operand {
  // NOLINTNEXTLINE(google-explicit-constructor): most products have a b that is not packed.
  Operand(ConstView b) : values(b) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Operand(View b) : values(b) {}

  /// Rows [begin, end) of `values`; not packed where they begin or end inside of what lies
  /// together.
  Operand slice(int64_t begin, int64_t end) const;

  ConstView values;
  const float* packed = nullptr;  ///< or null
  int64_t stride = 0;             ///< of the packed matrix
  int64_t step = 0;               ///< in it, from a row of `values` to the next that are together
  int64_t together = 1;           ///< rows of `values` that are packed as one
  const Products* packer = nullptr;  ///< which can read it
};

/// The products that attention needs, in a precision: of few rows. Shapes are those of the
/// functions of these names below. A packed b gives the same bits.
class Products {
 public:
  enum class Use { plain, transposed };

  virtual ~Products() = default;
  virtual void multiply_transposed(ConstView a, const Operand& b, View c) const = 0;
  virtual void multiply(ConstView a, const Operand& b, View c) const = 0;
  virtual void add_multiply(ConstView a, const Operand& b, View c) const = 0;
  /// c[i, j] += factor * (column M - 1 - i + j of a) . b[j]: distances j - i grow by one from
  /// column to column. a: of `diagonal_words`, M + N - 1 columns; b: [N, K], packed for the use
  /// `transposed`; c: [M, N]
  virtual void add_diagonals(ConstView a, const Operand& b, float factor, View c) const = 0;
  /// The words of the columns of a matrix [K, N], to be moved and not to be computed with. They
  /// have the size of f32. [words of a column, `padded` N]
  virtual Tensor diagonal_words(ConstView columns) const = 0;
  /// Columns that N take in memory, so that whole vectors may be read anywhere.
  virtual int64_t padded(int64_t columns) const = 0;
  /// Values of temporary memory that a b [rows, columns] takes packed; 0 where that gains nothing.
  virtual int64_t packed_size(Use use, int64_t rows, int64_t columns) const = 0;
  /// Packs b for products of that use into `room`, which has that size and outlives the result.
  virtual Operand pack(Use use, ConstView b, std::span<float> room) const = 0;
};

/// A matrix [K, N] packed for many products of few rows, each with some of its columns.
class PackedColumns {
 public:
  virtual ~PackedColumns() = default;
  /// c = a times the columns from `first` on. a: [M, K], c: [M, n], first + n at most N and 16
  virtual void multiply(ConstView a, int64_t first, View c) const = 0;
};

/// Distances begin ... end - 1 of M + N - 1, from that of the last of M queries to the first of N
/// keys on, take rows of a table: row, row + step, ...
struct DistanceRun {
  int64_t begin;
  int64_t end;
  int64_t row;
  int64_t step;  ///< 0 or 1
};

/// What `pack_linear` packs.
struct LinearWeights {
  WeightRows weight;            ///< [N, K]
  std::span<const float> bias;  ///< [N], or empty
  Activation activation = Activation::identity;
  Precision precision = Precision::f32;
  Team* team = nullptr;  ///< whose threads pack; null: the caller alone
};

/// y[m] = norm(x[m]), row by row; x and y may be the same. [M, D]
void norm(ConstView x, View y, const NormWeights& weights);
/// sum = a + b and y = norm(sum) in one pass; sum may be a, and y may be sum. [M, D]
void add_norm(ConstView a, ConstView b, View sum, View y, const NormWeights& weights);
/// y = a + b; y may be a. [M, D]
void add(ConstView a, ConstView b, View y);
/// x += y, in place, of one size.
void add(std::span<float> x, std::span<const float> y);
/// s[i, j] += terms(i, row of distance M - 1 - i + j). terms: [M, rows], s: [M, N]
void add_by_distance(ConstView terms, std::span<const DistanceRun> runs, View s);
/// sums(i, row of distance M - 1 - i + j) = the sum of such x[i, j]. x: [M, N], sums: [M, rows]
void sum_by_distance(ConstView x, std::span<const DistanceRun> runs, View sums);
/// x = activation(x), in place. [M, D]
void activate(View x, Activation activation);
/// gate = activation(gate) * up, in place. [M, D]
void activate_multiply(View gate, ConstView up, Activation activation);
/// Softmax of s[visible.begin, visible.end) in place; 0 elsewhere; all 0 for an empty range.
void softmax(std::span<float> s, Range visible);
/// c = a b^T. a: [M, K], b: [N, K], c: [M, N]
void multiply_transposed(ConstView a, ConstView b, View c);
/// c += a b^T. a: [M, K], b: [N, K], c: [M, N]
void add_multiply_transposed(ConstView a, ConstView b, View c);
/// c = a b. a: [M, K], b: [K, N], c: [M, N]
void multiply(ConstView a, ConstView b, View c);
/// c += a b. a: [M, K], b: [K, N], c: [M, N]
void add_multiply(ConstView a, ConstView b, View c);
/// x *= factor, in place. [M, D]
void scale(View x, float factor);
/// x = cap tanh(x / cap), in place. [M, D]
void soft_cap(View x, float cap);
/// In f32 for f32; else with bf16 operands and f32 sums, if the CPU has the instructions.
const Products& products(Precision precision);
/// Packs columns for products in that precision, or the nearest that the CPU has. columns: [K, N]
std::unique_ptr<PackedColumns> pack_columns(ConstView columns, Precision precision);
/// Products of a with some of the columns, in temporary memory. a: [M, K]; [M, size of the range]
View products_with(const PackedColumns& columns, ConstView a, Range range, Scratch& scratch);
/// Packs weights for the precision asked for, or f32 where the CPU cannot (see `precision()`).
std::unique_ptr<PackedLinear> pack_linear(const LinearWeights& weights);

}  // namespace locus::ops

namespace locus::reference {

void norm(ConstView x, View y, const ops::NormWeights& weights);
void add_norm(ConstView a, ConstView b, View sum, View y, const ops::NormWeights& weights);
void add(ConstView a, ConstView b, View y);
void add_by_distance(ConstView terms, std::span<const ops::DistanceRun> runs, View s);
void sum_by_distance(ConstView x, std::span<const ops::DistanceRun> runs, View sums);
void activate(View x, Activation activation);
void activate_multiply(View gate, ConstView up, Activation activation);
void softmax(std::span<float> s, Range visible);
void multiply_transposed(ConstView a, ConstView b, View c);
void add_multiply_transposed(ConstView a, ConstView b, View c);
void multiply(ConstView a, ConstView b, View c);
void add_multiply(ConstView a, ConstView b, View c);
double log_sum_exp(std::span<const float> x);
void scale(View x, float factor);
void soft_cap(View x, float cap);
std::unique_ptr<ops::PackedLinear> pack_linear(const ops::LinearWeights& weights);

}  // namespace locus::reference
