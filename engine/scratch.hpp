// Temporary memory that a worker reuses from tile to tile.
#pragma once

#include <cstdint>
#include <vector>

#include "tensor.hpp"

namespace locus {

/// A stack of f32 temporaries. Memory grows to the largest need once and is then reused. Views stay
/// valid until the `Frame` in which they were taken ends. One per worker: not for sharing.
class Scratch {
 public:
  /// Everything taken after a Frame begins is given back when it ends.
  class Frame {
   public:
    explicit Frame(Scratch& scratch)
        : scratch_(scratch), chunk_(scratch.chunk_), used_(scratch.used_) {}
    ~Frame() {
      scratch_.chunk_ = chunk_;
      scratch_.used_ = used_;
    }
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

   private:
    Scratch& scratch_;
    size_t chunk_;
    int64_t used_;
  };

  /// A matrix of unspecified values whose rows are contiguous, [rows, columns].
  View matrix(int64_t rows, int64_t columns);
  /// Unspecified values, [count].
  std::span<float> values(int64_t count);
  /// Bytes held at present.
  int64_t bytes() const;

 private:
  std::vector<Tensor> chunks_;
  size_t chunk_ = 0;
  int64_t used_ = 0;
};

}  // namespace locus
