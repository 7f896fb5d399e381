#include "engine/weights.hpp"

#include <algorithm>

#include "base/close_names.hpp"
#include "base/error.hpp"
#include "engine/weights/data_type.hpp"
#include "engine/weights/storage.hpp"

namespace locus {
namespace {

struct TensorStorage final : weights::WeightStorage {
  explicit TensorStorage(Tensor values) : tensor(std::move(values)) {}
  Tensor tensor;
};

constexpr size_t read_together = size_t{1} << 20;  // bytes

/// Values from the one with the index `first` on.
void require_finite(std::string_view name, std::span<const float> values, size_t first = 0) {
  const auto index = weights::find_not_finite(values);
  if (!index) return;
  throw Error(name, "finite values",
              std::to_string(values[*index]) + " at index " + std::to_string(first + *index));
}

[[noreturn]] void refuse_taken(const std::string& name) {
  throw Error(name, "one weight of this name", "two");
}

}  // namespace

void weights::read_values(std::string_view name, const StoredTensor& stored,
                          const WeightStorage& storage, const ReadValues& read) {
  const auto size = static_cast<size_t>(size_of(stored.type));
  const auto place = stored.place.subspan(read.first * size, read.values.size() * size);
  if (stored.type == DataType::f32) {
    return storage.copy(place, std::as_writable_bytes(read.values));
  }
  std::vector<std::byte> piece(std::min(read_together, place.size()));
  for (size_t begin = 0; begin < place.size(); begin += piece.size()) {
    const auto part = place.subspan(begin, std::min(piece.size(), place.size() - begin));
    storage.copy(part, piece);
    const size_t count = part.size() / size;
    widen(name, {stored.type, {static_cast<int64_t>(count)}, std::span(piece).first(part.size())},
          read.values.subspan(begin / size, count));
  }
}

void WeightsAccess::insert(Weights& weights, std::string name, StoredTensor tensor,
                           std::shared_ptr<const weights::WeightStorage> owner) {
  if (weights.contains(name)) refuse_taken(name);
  weights.entries_.emplace(std::move(name), Weights::Entry{std::move(tensor), std::move(owner)});
}

std::shared_ptr<const weights::WeightStorage> WeightsAccess::owner(const Weights& weights,
                                                                   std::string_view name) {
  // `insert` is the only way in.
  return std::static_pointer_cast<const weights::WeightStorage>(
      weights.entries_.find(name)->second.owner);
}

bool Weights::contains(std::string_view name) const {
  return entries_.find(name) != entries_.end();
}

const StoredTensor& Weights::at(std::string_view name) const {
  if (const auto found = entries_.find(name); found != entries_.end()) return found->second.tensor;
  std::string close;
  for (const auto& other : close_names(name, names())) close += (close.empty() ? "" : ", ") + other;
  throw Error(name, "a weight of this name",
              close.empty() ? "none" : "none (close: " + close + ")");
}

std::vector<std::string> Weights::names() const {
  std::vector<std::string> names;
  names.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) names.push_back(name);
  return names;
}

size_t Weights::size() const { return entries_.size(); }

Tensor Weights::f32(std::string_view name) const {
  const StoredTensor& stored = at(name);
  verify(name);
  Tensor tensor(stored.shape);
  const auto owner = WeightsAccess::owner(*this, name);
  if (stored.strides.empty()) {
    read_f32(name, 0, tensor.values());
  } else {
    owner->load(stored.place);
    weights::widen(name, stored, tensor.values());
    require_finite(name, tensor.values());
  }
  return tensor;
}

void Weights::read_f32(std::string_view name, size_t first, std::span<float> values) const {
  weights::read_values(name, at(name), *WeightsAccess::owner(*this, name), {first, values});
  require_finite(name, values, first);
}

void Weights::verify(std::string_view name) const {
  const StoredTensor& stored = at(name);
  WeightsAccess::owner(*this, name)->verify(name, stored.place);
}

bool Weights::same_bytes(std::string_view left, std::string_view right) const {
  const StoredTensor &one = at(left), &other = at(right);
  if (one.type != other.type || one.shape != other.shape || one.strides != other.strides ||
      one.place.size() != other.place.size()) {
    return false;
  }
  const auto first = WeightsAccess::owner(*this, left), second = WeightsAccess::owner(*this, right);
  std::vector<std::byte> a(read_together), b(read_together);
  for (size_t begin = 0; begin < one.place.size(); begin += read_together) {
    const size_t count = std::min(read_together, one.place.size() - begin);
    first->copy(one.place.subspan(begin, count), a);
    second->copy(other.place.subspan(begin, count), b);
    if (!std::ranges::equal(std::span(a).first(count), std::span(b).first(count))) return false;
  }
  return true;
}

std::span<const std::byte> Weights::load(std::string_view name) const {
  const StoredTensor& stored = at(name);
  WeightsAccess::owner(*this, name)->load(stored.place);
  return stored.place;
}

void Weights::release(std::string_view name) const {
  const StoredTensor& stored = at(name);
  WeightsAccess::owner(*this, name)->release(stored.place);
}

void Weights::add(std::string name, Tensor tensor) {
  auto owner = std::make_shared<const TensorStorage>(std::move(tensor));
  const Tensor& kept = owner->tensor;
  StoredTensor stored{DataType::f32, kept.shape(), std::as_bytes(kept.values())};
  WeightsAccess::insert(*this, std::move(name), std::move(stored), std::move(owner));
}

void Weights::erase(const std::string& name) { entries_.erase(name); }

void Weights::add_view(std::string name, StoredTensor view, const Weights& other,
                       std::string_view of) {
  WeightsAccess::insert(*this, std::move(name), std::move(view), WeightsAccess::owner(other, of));
}

void Weights::merge(const Weights& other) {
  for (const auto& [name, entry] : other.entries_) {
    if (contains(name)) refuse_taken(name);
  }
  entries_.insert(other.entries_.begin(), other.entries_.end());
}

}  // namespace locus
