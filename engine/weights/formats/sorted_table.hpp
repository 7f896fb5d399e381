// Tables of sorted keys as LevelDB writes them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace locus::weights {

struct TableEntry {
  std::string key;
  std::string_view value;  ///< where it lies
};

/// The entries of a table, in order (LevelDB's doc/table_format.md): blocks of keys that leave out
/// what they share with the key before, each with a checksum. Throws Error for checksums that do
/// not fit, for keys out of order and for blocks that Snappy compressed.
std::vector<TableEntry> read_sorted_table(const std::string& who, std::span<const std::byte> bytes);

}  // namespace locus::weights
