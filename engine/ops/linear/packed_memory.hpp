// Memory for packed weights.
#pragma once

#include <cstdint>
#include <memory>

namespace locus::ops {

/// Bytes that start at a 64-byte boundary and lie in large pages where the system has them: reading
/// weights once per token takes fewer look-ups of addresses so. Not initialised.
class PackedMemory {
 public:
  explicit PackedMemory(int64_t bytes);
  void* data() const { return data_.get(); }
  int64_t bytes() const { return data_.get_deleter().bytes; }

 private:
  struct Release {
    int64_t bytes;
    void operator()(void* data) const;
  };
  std::unique_ptr<void, Release> data_;
};

}  // namespace locus::ops
