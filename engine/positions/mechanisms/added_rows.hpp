// The mechanism of absolute encodings: x <- a x + E[position].
#pragma once

#include <functional>
#include <span>

#include "engine/position.hpp"

namespace locus::positions {

/// Writes the row of a position that no table holds, [D]; throws where there is none.
using RowFunction = std::function<void(double position, std::span<float> row)>;

/// What an added table is made of.
struct AddedRowsParts {
  Tensor table;           ///< [rows, D], of positions -offset, -offset + 1, ...
  int64_t offset = 0;     ///< row = position + offset
  RowFunction beyond;     ///< for every other position, fractions included
  float token_scale = 1;  ///< a: what token vectors are multiplied by first
  int64_t max_length = PositionalEncoding::unlimited;
};

class AddedRows : public PositionalEncoding {
 public:
  explicit AddedRows(AddedRowsParts parts) : parts_(std::move(parts)) {}

  void embed(View x, const Block& block) const override;
  int64_t max_length() const override { return parts_.max_length; }

 private:
  const float* row_of(double position, std::span<float> spare) const;

  AddedRowsParts parts_;
};

}  // namespace locus::positions
