// What keeps a stored tensor's bytes alive.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/mapped_file.hpp"
#include "engine/weights.hpp"

namespace locus::weights {

/// Memory that stored tensors point into. Every owner of an entry of Weights is one.
class WeightStorage {
 public:
  virtual ~WeightStorage() = default;
  /// The bytes are not needed soon; they stay readable.
  virtual void release(std::span<const std::byte>) const {}
  /// Throws Error, with a tensor's name in front, where its bytes are not those that were written.
  virtual void verify(std::string_view, std::span<const std::byte>) const {}
};

/// A mapped file as storage.
class MappedStorage final : public WeightStorage, public MappedFile {
 public:
  using MappedFile::MappedFile;
  void release(std::span<const std::byte> part) const override { MappedFile::release(part); }
};

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
