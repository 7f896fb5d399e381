#include "engine/layers/attention/packed_heads.hpp"

namespace locus::layers {
namespace {

using Use = ops::Products::Use;

Use use_of(int64_t operand) { return operand % 2 == 0 ? Use::transposed : Use::plain; }

}  // namespace

PackedHeads::PackedHeads(const Heads& heads, const ops::Products& products,
                         const KeysAndValues& memory, int64_t tiles, Scratch& scratch)
    : products_(&products), memory_(memory) {
  operands_.reserve(2 * heads.kv_heads());
  for (int64_t column = 0; column < heads.key_width(); column += heads.size()) {
    for (const ConstView& rows : {memory_.keys, memory_.values}) {
      const auto operand = static_cast<int64_t>(operands_.size());
      operands_.emplace_back(rows.slice(1, column, column + heads.size()));
      const int64_t size =
          tiles > 1 ? products.packed_size(use_of(operand), rows.size(0), heads.size()) : 0;
      if (size > 0) rooms_.push_back({operand, scratch.values(size)});
    }
  }
}

void PackedHeads::pack(int64_t part) {
  const Room& room = rooms_[part];
  ops::Operand& operand = operands_[room.operand];
  operand = products_->pack(use_of(room.operand), operand.values, room.values);
}

}  // namespace locus::layers
