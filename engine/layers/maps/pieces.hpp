// Rows that are put together from those of another stream.
#pragma once

#include "engine/layers/layer.hpp"

namespace locus::layers {

/// A layer whose output has the rows of its layout, each made of pieces of the input.
class Pieces : public Layer {
 public:
  /// `count`: pieces of a row.
  Pieces(Layout layout, int64_t count, int64_t input_width)
      : layout_(std::move(layout)), count_(count), input_width_(input_width) {}

  int64_t width() const override { return count_ * input_width_; }
  const Layout* layout() const override { return &layout_; }
  void run(std::span<const ConstView> inputs, std::span<const View> outputs,
           Run& run) const override;

 private:
  Layout layout_;
  int64_t count_;
  int64_t input_width_;
};

}  // namespace locus::layers
