#include "engine/session/key_value_cache.hpp"

#include <algorithm>

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
    slot.keys = grown(slot.keys, larger, width, kept);
    slot.values = grown(slot.values, larger, width, kept);
  }
  return slot;
}

void KeyValueCache::reorder(std::span<const int64_t> parents, std::span<const int64_t> rows) {
  if (slots_.empty()) return;  // cross-attention
  std::vector<Slot> next(parents.size());
  std::vector<int64_t> last_child(slots_.size(), -1);  // of each parent: it need not copy
  for (size_t child = 0; child < parents.size(); ++child) {
    if (has_slot(parents[child])) last_child[parents[child]] = static_cast<int64_t>(child);
  }
  for (size_t child = 0; child < parents.size(); ++child) {
    if (!has_slot(parents[child])) continue;
    Slot& parent = slots_[parents[child]];
    if (parent.keys.empty()) continue;
    if (last_child[parents[child]] == static_cast<int64_t>(child)) {
      next[child] = std::move(parent);
      continue;
    }
    const int64_t width = parent.keys.shape()[1];
    const int64_t capacity = parent.keys.shape()[0];
    const int64_t kept = memory_rows + rows[parents[child]];
    next[child].keys = grown(parent.keys, capacity, width, kept);
    next[child].values = grown(parent.values, capacity, width, kept);
  }
  slots_ = std::move(next);
}

int64_t KeyValueCache::bytes() const {
  int64_t total = bytes_of(memory);
  for (const Slot& slot : slots_) total += bytes_of(slot.keys) + bytes_of(slot.values);
  return total;
}

}  // namespace locus::session
