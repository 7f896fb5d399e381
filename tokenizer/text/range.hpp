#pragma once

#include <cstddef>
#include <cstdint>

namespace locus::tokenization {

/// Bytes of a text, which has less than 4 GiB.
struct Range {
  Range() = default;
  Range(std::size_t first, std::size_t last)
      : begin(static_cast<uint32_t>(first)), end(static_cast<uint32_t>(last)) {}
  uint32_t begin = 0, end = 0;
};

}  // namespace locus::tokenization
