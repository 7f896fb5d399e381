#include "engine/positions/mechanisms/rotation.hpp"

#include <algorithm>
#include <cmath>

#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {
namespace {

void turn_interleaved(View rows, std::span<const float> cosines, std::span<const float> sines) {
  for (int64_t h = 0; h < rows.size(0); ++h) {  // rows [H, d], one position
    float* x = rows.data + h * rows.stride(0);
    for (size_t pair = 0; pair < cosines.size(); ++pair) {
      const float a = x[2 * pair];
      const float b = x[2 * pair + 1];
      x[2 * pair] = a * cosines[pair] - b * sines[pair];
      x[2 * pair + 1] = a * sines[pair] + b * cosines[pair];
    }
  }
}

void turn_half(View rows, std::span<const float> cosines, std::span<const float> sines) {
  const size_t pairs = cosines.size();
  for (int64_t h = 0; h < rows.size(0); ++h) {  // rows [H, d], one position
    float* x = rows.data + h * rows.stride(0);
    for (size_t pair = 0; pair < pairs; ++pair) {
      const float a = x[pair];
      const float b = x[pair + pairs];
      x[pair] = a * cosines[pair] - b * sines[pair];
      x[pair + pairs] = a * sines[pair] + b * cosines[pair];
    }
  }
}

// Angles in double, rounded once: positions in a narrow type lose whole turns. out: [2 pairs]
void write_angles(const Turns& turns, double position, float* out) {
  const size_t pairs = turns.frequencies.size();
  for (size_t pair = 0; pair < pairs; ++pair) {
    const double angle = position * turns.frequencies[pair];
    out[pair] = static_cast<float>(turns.factor * std::cos(angle));
    out[pairs + pair] = static_cast<float>(turns.factor * std::sin(angle));
  }
}

// The rows of one position from all heads: [H, d] out of [H, T, d].
View at_position(View heads, int64_t row) {
  return View(heads.data + row * heads.stride(1), {heads.size(0), heads.size(2)},
              {heads.stride(0), heads.stride(2)});
}

}  // namespace

Rotation::Rotation(RotationParts parts)
    : parts_(std::move(parts)),
      pairs_(static_cast<int64_t>(parts_.turns.frequencies.size())),
      rows_(std::max(tabulated(parts_.capacity),
                     parts_.stored.empty() ? 0 : parts_.stored.shape()[0])),
      turn_(parts_.pairing == Pairing::interleaved ? turn_interleaved : turn_half),
      table_(new_table({rows_, 2 * pairs_})) {
  for (int64_t position = 0; position < rows_; ++position) {
    write_angles(parts_.turns, static_cast<double>(position), table_.view().row(position).data());
  }
  take_stored();
}

// What a checkpoint has rounded wins over the formula, which goes on after its last row.
void Rotation::take_stored() {
  const int64_t rows = parts_.stored.empty() ? 0 : parts_.stored.shape()[0];
  for (int64_t position = 0; position < rows; ++position) {
    const float* stored = parts_.stored.data() + position * 2 * pairs_;
    float* angles = table_.view().row(position).data();
    std::copy_n(stored + pairs_, pairs_, angles);
    std::copy_n(stored, pairs_, angles + pairs_);
  }
  parts_.stored = {};
}

// Cosines and sines of a position under the turns of the table. [2 pairs]
const float* Rotation::angles_of(double position, std::span<float> spare) const {
  if (position >= 0 && position < static_cast<double>(rows_) && position == std::floor(position)) {
    return table_.data() + static_cast<int64_t>(position) * 2 * pairs_;
  }
  write_angles(parts_.turns, position, spare.data());
  return spare.data();
}

void Rotation::rotate(View heads, Role role, const Block& block) const {  // heads [H, T, d]
  if (role == Role::value && !parts_.rotate_value) return;
  const bool fixed = block.length <= parts_.fixed_until;
  const Turns longer = fixed ? Turns{} : parts_.turns_at(block.length);
  const Scratch::Frame frame(block.scratch);
  const auto spare = block.scratch.values(2 * pairs_);
  const auto pairs = static_cast<size_t>(pairs_);
  for (int64_t row = 0; row < heads.size(1); ++row) {
    const double position = block.queries.at(row);
    if (!fixed) write_angles(longer, position, spare.data());
    const float* angles = fixed ? angles_of(position, spare) : spare.data();
    turn_(at_position(heads, row), {angles, pairs}, {angles + pairs_, pairs});
  }
}

}  // namespace locus::positions
