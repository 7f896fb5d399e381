#include "engine/session/key_value_cache.hpp"

#include <algorithm>
#include <utility>

namespace locus::session {
namespace {

constexpr int64_t min_capacity = 64;

Tensor grown(const Tensor& old, int64_t capacity, int64_t width, int64_t kept) {
  Tensor larger(Shape{capacity, width});
  if (kept > 0) std::copy_n(old.data(), kept * width, larger.data());
  return larger;
}

int64_t bytes_of(const Tensor& tensor) { return tensor.count() * int64_t{sizeof(float)}; }

}  // namespace

KeyValueCache::Slot& KeyValueCache::reserve(int64_t sequence, int64_t rows, int64_t width,
                                            int64_t kept) {
  if (sequence >= static_cast<int64_t>(slots_.size())) slots_.resize(sequence + 1);
  Slot& slot = slots_[sequence];
  const int64_t capacity = slot.keys.empty() ? 0 : slot.keys.shape()[0];
  if (rows > capacity) {
    const int64_t larger = std::max({rows, 2 * capacity, min_capacity});
    Tensor keys = grown(slot.keys, larger, width, kept);  // both or none
    Tensor values = grown(slot.values, larger, width, kept);
    slot = {std::move(keys), std::move(values)};
  }
  return slot;
}

KeyValueCache::Children KeyValueCache::children(std::span<const int64_t> parents,
                                                std::span<const int64_t> rows) const {
  Children all;
  if (slots_.empty()) return all;  // cross-attention
  all.slots.resize(parents.size());
  all.heirs.assign(slots_.size(), -1);
  for (size_t child = 0; child < parents.size(); ++child) {
    if (has_slot(parents[child])) all.heirs[parents[child]] = static_cast<int64_t>(child);
  }
  for (size_t child = 0; child < parents.size(); ++child) {
    if (!has_slot(parents[child])) continue;
    const Slot& parent = slots_[parents[child]];
    const bool inherits = all.heirs[parents[child]] == static_cast<int64_t>(child);
    if (inherits || parent.keys.empty()) continue;
    const int64_t width = parent.keys.shape()[1];
    const int64_t capacity = parent.keys.shape()[0];
    const int64_t kept = memory_rows + rows[parents[child]];
    all.slots[child].keys = grown(parent.keys, capacity, width, kept);
    all.slots[child].values = grown(parent.values, capacity, width, kept);
  }
  return all;
}

void KeyValueCache::become(Children&& children) noexcept {
  for (size_t parent = 0; parent < children.heirs.size(); ++parent) {
    const int64_t heir = children.heirs[parent];
    if (heir >= 0) children.slots[heir] = std::move(slots_[parent]);
  }
  slots_ = std::move(children.slots);
}

int64_t KeyValueCache::bytes() const {
  int64_t total = bytes_of(memory);
  for (const Slot& slot : slots_) total += bytes_of(slot.keys) + bytes_of(slot.values);
  return total;
}

}  // namespace locus::session
