// Tables and messages of TensorFlow's checkpoints made by hand.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/weights/formats/crc32c.hpp"
#include "tests/engine/weights/torch_files.hpp"

namespace locus::tests {

inline std::string varint(uint64_t number) {
  std::string text;
  for (; number >= 0x80; number >>= 7) text += static_cast<char>(number | 0x80);
  return text + static_cast<char>(number);
}

/// A field that is a number, and one that is bytes.
inline std::string field(uint64_t tag, uint64_t number) {
  return varint(tag << 3) + varint(number);
}
inline std::string field(uint64_t tag, std::string_view bytes) {
  return varint(tag << 3 | 2) + varint(bytes.size()) + std::string(bytes);
}

/// An entry of a block, which shares `shared` bytes with the key before.
struct RawRow {
  uint64_t shared = 0;
  std::string key, value;
};

/// A block with its trailer.
inline std::string raw_block(const std::vector<RawRow>& rows, char kind = 0) {
  std::string block;
  for (const RawRow& row : rows) {
    block += varint(row.shared) + varint(row.key.size()) + varint(row.value.size()) + row.key +
             row.value;
  }
  block += little(0, 4) + little(1, 4) + kind;
  return block + little(weights::masked_crc32c(std::as_bytes(std::span(block))), 4);
}

/// A table of blocks that are already made.
inline std::string raw_table(const std::vector<std::string>& blocks) {
  constexpr size_t trailer = 5;
  std::string table;
  std::vector<RawRow> index;
  for (const std::string& block : blocks) {
    index.push_back({0, "k" + std::to_string(index.size()),
                     varint(table.size()) + varint(block.size() - trailer)});
    table += block;
  }
  std::string footer;
  for (const std::string& block : {raw_block({}), raw_block(index)}) {
    footer += varint(table.size()) + varint(block.size() - trailer);
    table += block;
  }
  footer.resize(40, '\0');
  return table + footer + little(0xdb4775248b80fb57, 8);
}

/// BundleEntryProto.
struct RawVariable {
  uint64_t type = 1;  ///< f32
  std::vector<int64_t> shape = {4};
  int64_t shard = 0, offset = 0, size = 16;
  std::string more = {};

  std::string message() const {
    std::string dimensions;
    for (int64_t size : shape) dimensions += field(2, field(1, static_cast<uint64_t>(size)));
    return field(1, type) + field(2, dimensions) + field(3, static_cast<uint64_t>(shard)) +
           field(4, static_cast<uint64_t>(offset)) + field(5, static_cast<uint64_t>(size)) + more;
  }
};

/// An index of one file of data and one variable.
inline std::string raw_index(const std::string& name, const RawVariable& variable,
                             const std::string& header = field(1, 1)) {
  return raw_table({raw_block({{0, "", header}, {0, name, variable.message()}})});
}

}  // namespace locus::tests
