// Layers that work on each row by itself.
#pragma once

#include "engine/layers/layer.hpp"

namespace locus::layers {

/// A row of its outputs depends on the same row of its inputs alone, and may take its place.
class RowLayer : public Layer {
 public:
  explicit RowLayer(int64_t width) : width_(width) {}
  bool by_row() const override { return true; }
  bool in_place() const override { return true; }
  int64_t width() const override { return width_; }

 private:
  int64_t width_;
};

}  // namespace locus::layers
