// The mechanism of rotary encodings: pairs of a head's values turn with the position.
#pragma once

#include <functional>
#include <vector>

#include "engine/position.hpp"

namespace locus::positions {

/// How fast each pair turns, and by how much rotated vectors grow (YaRN's attention factor).
struct Turns {
  std::vector<double> frequencies;  ///< angle per position of each pair
  double factor = 1;
};

/// Which two values of a head are a pair.
enum class Pairing {
  interleaved,  ///< (2k, 2k + 1): RoFormer, GPT-J, Meta's Llama
  half,         ///< (k, k + pairs): GPT-NeoX, transformers' Llama
};

/// What a rotation is made of.
struct RotationParts {
  Turns turns;
  Pairing pairing = Pairing::interleaved;
  bool rotate_value = false;
  int64_t capacity = 0;  ///< positions that sequences may have
  Tensor stored = {};    ///< [rows, 2 pairs] sines, then cosines, of the first positions; or empty
  /// Where the turns depend on the sequence's length (dynamic NTK): for lengths above
  /// `fixed_until`.
  std::function<Turns(int64_t length)> turns_at;
  int64_t fixed_until = PositionalEncoding::unlimited;
};

class Rotation : public PositionalEncoding {
 public:
  explicit Rotation(RotationParts parts);

  void rotate(View heads, Role role, const Block& block) const override;

 private:
  // Turns every head's row by the angles whose cosines and sines are given, each [pairs].
  using Turner = void (*)(View rows, std::span<const float> cosines, std::span<const float> sines);

  void take_stored();
  const float* angles_of(double position, std::span<float> spare) const;

  RotationParts parts_;
  int64_t pairs_;
  int64_t rows_;  // positions of the table
  Turner turn_;
  Tensor table_;  // [rows, 2 pairs]: cosines, then sines
};

}  // namespace locus::positions
