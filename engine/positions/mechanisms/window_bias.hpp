// A bias for each head and offset of rows and columns in a square window.
#pragma once

#include <span>
#include <string>

#include "engine/attributes.hpp"
#include "engine/position.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {

/// What a window's biases are made of.
struct WindowParts {
  std::string name;        ///< of the scheme, for errors
  int64_t size = 0;        ///< cells along a side, M
  int64_t max_length = 0;  ///< of positions along one axis, at most M^2
  Tensor table = {};       ///< [H, (2 M - 1)^2], offset (y, x) at (y + M - 1)(2 M - 1) + x + M - 1
};

/// The parts but for the table, from the parameter `size`: 0 is as many cells as the capacity
/// needs.
WindowParts window_parts(const std::string& name, const Attributes& attributes,
                         const SchemeContext& context);

/// s[h, i, j] += b(h, y_i - y_j, x_i - x_j). Positions of one axis count the window's cells row by
/// row.
class WindowBias : public PositionalEncoding {
 public:
  explicit WindowBias(WindowParts parts) : parts_(std::move(parts)) {}

  int64_t max_length() const override { return parts_.max_length; }
  void score(View s, ConstView q, ConstView k, const Block& block) const override;

 private:
  struct Cells {
    std::span<float> y, x;
  };
  Cells cells_of(const Positions& positions, Scratch& scratch) const;
  void check_reach(const Cells& queries, const Cells& keys) const;

  WindowParts parts_;
};

}  // namespace locus::positions
