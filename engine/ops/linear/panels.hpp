// The columns of W^T in panels, for products of low precision.
#pragma once

#include <cstdint>
#include <functional>

#include "base/threads.hpp"
#include "engine/tensor.hpp"

namespace locus::ops {

/// Weights of a product, [N, K], of the type that its operands say.
struct ProductWeights {
  int64_t outputs;  ///< N
  int64_t inputs;   ///< K
  struct Part {
    int64_t first, count;  ///< rows
    void* to;
    int64_t row_bytes;
  };
  /// Writes rows one after the other, by way of `room`, which grows as it must.
  std::function<void(const Part& part, Tensor& room)> write;
  Team* team = nullptr;  ///< whose threads pack; null: the caller alone
};

/// Panels of equal width but for the last. Immutable, for any number of threads.
class Panels {
 public:
  virtual ~Panels() = default;
  virtual int64_t count() const = 0;
  virtual int64_t width() const = 0;
  virtual int64_t bytes() const = 0;
  /// Values of a row of x: K, or more, the rest of which are zeroes.
  virtual int64_t depth() const = 0;
  /// The most rows of one call of `multiply`.
  virtual int64_t max_rows() const = 0;
  /// Rows that x and sums have room for.
  virtual int64_t padded_rows(int64_t rows) const = 0;
  /// Sums of one panel. x: [rows, depth], sums: [rows, columns of the panel], both contiguous.
  /// `next`: the panel that is likely to be wanted after this one; none from `count` on.
  virtual void multiply(int64_t panel, int64_t rows, const void* x, void* sums,
                        int64_t next) const = 0;
};

}  // namespace locus::ops
