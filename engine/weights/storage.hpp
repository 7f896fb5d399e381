// What keeps a stored tensor's bytes alive.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/file_bytes.hpp"
#include "engine/weights.hpp"

namespace locus::weights {

/// Memory that stored tensors point into. Every owner of an entry of Weights is one.
class WeightStorage {
 public:
  virtual ~WeightStorage() = default;
  /// Makes the bytes readable where they lie, until they are released.
  virtual void load(std::span<const std::byte>) const {}
  /// Copies the bytes, whether they were loaded or not.
  virtual void copy(std::span<const std::byte> part, std::span<std::byte> to) const {
    std::ranges::copy(part, to.begin());
  }
  /// The bytes are not needed soon.
  virtual void release(std::span<const std::byte>) const {}
  /// Throws Error, with a tensor's name in front, where its bytes are not those that were written.
  virtual void verify(std::string_view, std::span<const std::byte>) const {}
};

/// A file as storage.
class FileStorage final : public WeightStorage, public FileBytes {
 public:
  using FileBytes::FileBytes;
  void load(std::span<const std::byte> part) const override { FileBytes::load(part); }
  void copy(std::span<const std::byte> part, std::span<std::byte> to) const override {
    FileBytes::copy(part, to);
  }
  void release(std::span<const std::byte> part) const override { FileBytes::release(part); }
};

/// Values of a tensor, from the one with the index `first`, and where they go.
struct ReadValues {
  size_t first;
  std::span<float> values;
};
/// Reads them, of a tensor without strides, and converts a piece at a time: nothing else of the
/// tensor comes into memory.
void read_values(std::string_view name, const StoredTensor& stored, const WeightStorage& storage,
                 const ReadValues& read);

}  // namespace locus::weights

namespace locus {

/// How readers of file formats fill a collection.
class WeightsAccess {
 public:
  /// Throws Error when the name is taken.
  static void insert(Weights& weights, std::string name, StoredTensor tensor,
                     std::shared_ptr<const weights::WeightStorage> owner);
  /// What keeps a tensor's bytes alive, for another view of them.
  static std::shared_ptr<const weights::WeightStorage> owner(const Weights& weights,
                                                             std::string_view name);
};

}  // namespace locus
