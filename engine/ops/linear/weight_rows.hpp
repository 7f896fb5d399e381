// Weights as they are packed: some rows at a time.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/tensor.hpp"

namespace locus::ops {

/// A matrix [N, K] whose rows are asked for in turn, so that a large one need not be in memory
/// beside what it is packed into.
class WeightRows {
 public:
  /// Writes the rows from `first` on. to: [n, K], contiguous
  using Read = std::function<void(int64_t first, View to)>;

  /// Rows where they lie.
  WeightRows(ConstView matrix)  // NOLINT(google-explicit-constructor)
      : outputs_(matrix.size(0)), inputs_(matrix.size(1)), matrix_(matrix) {}
  /// Rows of a matrix that is kept.
  explicit WeightRows(Tensor matrix);
  WeightRows(int64_t outputs, int64_t inputs, Read read)
      : outputs_(outputs), inputs_(inputs), read_(std::move(read)) {}
  /// The rows of several matrices, one after the other.
  static WeightRows joined(std::vector<WeightRows> parts);

  int64_t outputs() const { return outputs_; }  // N
  int64_t inputs() const { return inputs_; }    // K
  /// Rows [begin, end), [end - begin, K]: where they lie, or in `room`, which grows as it must.
  ConstView read(int64_t begin, int64_t end, Tensor& room) const;

 private:
  void write(int64_t first, View to) const;

  int64_t outputs_, inputs_;
  std::shared_ptr<const Tensor> kept_;
  ConstView matrix_;
  Read read_;  // none where `matrix_` holds the rows
};

}  // namespace locus::ops
