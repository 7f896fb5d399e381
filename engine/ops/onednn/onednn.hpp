// What the project uses of oneDNN, free of its types, so that a file for another major version can
// stand beside onednn_v2.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/options.hpp"

namespace locus::onednn {

/// Lowers the instructions of all primitives. False when it is too late.
bool limit(InstructionSet level);
/// The instructions that primitives use, named as `locus::instruction_set` does.
std::string instruction_set();

/// What a product is computed from, and what its sums are.
enum class Operands {
  bf16,  ///< bf16 values, f32 sums
  u8s8,  ///< u8 inputs and s8 weights, s32 sums
};

/// Whether the CPU has instructions for such products. Without them u8s8 would not only be slow:
/// pairs of products are then added in 16 bits, which saturate.
bool native(Operands operands);

/// Weights of a product, [N, K], of the type that the operands say.
struct ProductWeights {
  int64_t outputs;  ///< N
  int64_t inputs;   ///< K
  /// Writes `count` rows from `first` on, of `row_bytes` each, one after the other.
  std::function<void(int64_t first, int64_t count, void* to, int64_t row_bytes)> write;
};

/// The columns of W^T in panels of equal width but the last. Immutable, for any number of threads.
class Panels {
 public:
  virtual ~Panels() = default;
  virtual int64_t count() const = 0;
  virtual int64_t width() const = 0;
  virtual int64_t bytes() const = 0;
  /// Sums of one panel. x: [rows, K], sums: [rows, columns of the panel], both contiguous with room
  /// for `padded_rows(rows)` rows. At most `max_rows` rows.
  virtual void multiply(int64_t panel, int64_t rows, const void* x, void* sums) const = 0;
};

/// Primitives exist for few numbers of rows, so that a new length seldom means a new compilation.
constexpr int64_t max_rows = 128;
int64_t padded_rows(int64_t rows);

std::unique_ptr<Panels> pack(Operands operands, const ProductWeights& weights);

}  // namespace locus::onednn
