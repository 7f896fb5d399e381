// The checksum of LevelDB's tables and TensorFlow's checkpoints.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace locus::weights {

/// CRC-32C (Castagnoli), as RFC 3720, appendix B.4 has it.
uint32_t crc32c(std::span<const std::byte> bytes);

/// As tables and checkpoints store it: turned by 15 bits and moved, so that a checksum of data
/// which hold checksums is of use.
uint32_t masked_crc32c(std::span<const std::byte> bytes);

}  // namespace locus::weights
