#include "engine/layers/attention/memory_rows.hpp"

#include <algorithm>

namespace locus::layers {
namespace {

/// weight [N, D] times row [D], plus bias [N].
Tensor projected_row(const ops::WeightRows& weight, const Tensor& row, const Tensor& bias) {
  Tensor result(Shape{weight.outputs()}), room;
  for (int64_t i = 0; i < result.count(); ++i) {
    const ConstView values = weight.read(i, i + 1, room);
    double sum = bias.empty() ? 0 : bias.data()[i];
    for (int64_t c = 0; c < row.count(); ++c) {
      sum += static_cast<double>(values(0, c)) * row.data()[c];
    }
    result.data()[i] = static_cast<float>(sum);
  }
  return result;
}

}  // namespace

MemoryRows::MemoryRows(const NodeReader& reader, const Heads& heads)
    : count_(reader.integer("memory_rows", 0)) {
  if (count_ == 0) return;
  const Tensor row = reader.take_optional("memory_row", {reader.input_width()});
  key_ = projected_row(heads.key_rows(reader), row,
                       reader.take_optional("key_bias", {heads.key_width()}));
  value_ = projected_row(heads.value_rows(reader), row,
                         reader.take_optional("value_bias", {heads.key_width()}));
}

void MemoryRows::write(View keys, View values) const {
  for (int64_t row = 0; row < count_; ++row) {
    std::ranges::copy(key_.values(), keys.row(row).begin());
    std::ranges::copy(value_.values(), values.row(row).begin());
  }
}

Positions MemoryRows::extended(const Positions& positions, Scratch& scratch) const {
  Positions all{positions.first - count_, positions.count + count_, {}, positions.axes};
  if (count_ == 0 || positions.values.empty()) return count_ == 0 ? positions : all;
  const std::span<float> values = scratch.values(all.count * all.axes);
  for (int64_t row = 0; row < count_; ++row) {
    for (int axis = 0; axis < all.axes; ++axis) {
      values[static_cast<size_t>(row * all.axes + axis)] =
          positions.values[static_cast<size_t>(axis)] - static_cast<float>(count_ - row);
    }
  }
  std::ranges::copy(positions.values, values.begin() + count_ * all.axes);
  all.values = values;
  return all;
}

}  // namespace locus::layers
