#include "engine/weights/formats/sorted_table.hpp"

#include "base/error.hpp"
#include "engine/weights/byte_reader.hpp"
#include "engine/weights/formats/crc32c.hpp"

namespace locus::weights {
namespace {

using Bytes = std::span<const std::byte>;

constexpr uint64_t table_magic = 0xdb4775248b80fb57;
constexpr size_t footer_bytes = 48;
constexpr size_t max_key_length = 2048, max_entries = 100'000;
constexpr size_t max_key_bytes = 1 << 24;  // of whole keys, which a small file may repeat

/// Where a block lies, without its trailer.
struct BlockHandle {
  uint64_t offset = 0, size = 0;
};

BlockHandle read_handle(ByteReader& reader) {
  BlockHandle handle;
  handle.offset = reader.varint();
  handle.size = reader.varint();
  return handle;
}

Bytes read_block(const std::string& who, Bytes bytes, const BlockHandle& handle) {
  const std::string at = who + ": block at byte " + std::to_string(handle.offset);
  ByteReader reader(at, bytes);
  reader.seek(handle.offset);
  const Bytes block = reader.take(handle.size);
  const auto kind = reader.number<uint8_t>();
  const auto sum = reader.number<uint32_t>();
  if (masked_crc32c(bytes.subspan(handle.offset, handle.size + 1)) != sum) {
    throw Error(at, "bytes that have the stored checksum", "others");
  }
  if (kind == 1) throw Error(at, "a block as it is", "one that Snappy compressed");
  if (kind != 0) throw Error(at, "a block as it is", "one of kind " + std::to_string(kind));
  return block;
}

// What lies before the places at which keys are whole.
Bytes entries_of(const std::string& who, Bytes block) {
  ByteReader reader(who, block);
  if (block.size() < sizeof(uint32_t)) throw Error(who, "a block of at least 4 bytes", "less");
  reader.seek(block.size() - sizeof(uint32_t));
  const uint64_t restarts = reader.number<uint32_t>();
  const uint64_t tail = (restarts + 1) * sizeof(uint32_t);
  if (tail > block.size()) {
    throw Error(who, "places of keys within a block", std::to_string(restarts));
  }
  return block.first(block.size() - static_cast<size_t>(tail));
}

/// Entries of all blocks in turn.
class TableReader {
 public:
  TableReader(const std::string& who, Bytes bytes) : who_(who), bytes_(bytes) {}

  std::vector<TableEntry> read() {
    for (const TableEntry& block : read_entries(find_index())) {
      ByteReader handle(who_, std::as_bytes(std::span(block.value)));
      for (TableEntry& entry : read_entries(read_handle(handle))) add(std::move(entry));
    }
    return std::move(entries_);
  }

 private:
  // The footer names it, after a block that describes others and that checkpoints leave empty.
  BlockHandle find_index() {
    if (bytes_.size() < footer_bytes) {
      throw Error(who_, "a table of at least 48 bytes", std::to_string(bytes_.size()));
    }
    ByteReader footer(who_, bytes_.last(footer_bytes));
    const BlockHandle descriptions = read_handle(footer), index = read_handle(footer);
    footer.seek(footer_bytes - sizeof table_magic);
    if (footer.number<uint64_t>() != table_magic) {
      throw Error(who_, "a table's end", "another (was it cut off?)");
    }
    read_entries(descriptions);
    return index;
  }

  std::vector<TableEntry> read_entries(const BlockHandle& handle) {
    const Bytes block = read_block(who_, bytes_.first(bytes_.size() - footer_bytes), handle);
    ByteReader reader(who_, entries_of(who_, block));
    std::vector<TableEntry> entries;
    std::string key;
    while (reader.left() > 0) {
      const uint64_t shared = reader.varint(), own = reader.varint(), value = reader.varint();
      if (shared > key.size() || own > max_key_length || shared + own > max_key_length) {
        throw Error(who_, "a key of at most 2,048 bytes that continues the one before",
                    std::to_string(own) + " bytes after " + std::to_string(shared));
      }
      key = key.substr(0, shared).append(reader.text(own));
      key_bytes_ += key.size();
      entries.push_back({key, reader.text(value)});
      if (entries.size() > max_entries || key_bytes_ > max_key_bytes) {
        throw Error(who_, "at most 100,000 entries and 16 MiB of keys", "more");
      }
    }
    return entries;
  }

  void add(TableEntry entry) {
    if (!entries_.empty() && entry.key <= entries_.back().key) {
      throw Error(
          who_, "keys in order",
          "'" + shown_ascii(entry.key) + "' after '" + shown_ascii(entries_.back().key) + "'");
    }
    entries_.push_back(std::move(entry));
  }

  const std::string& who_;
  Bytes bytes_;
  std::vector<TableEntry> entries_;
  size_t key_bytes_ = 0;
};

}  // namespace

std::vector<TableEntry> read_sorted_table(const std::string& who, Bytes bytes) {
  return TableReader(who, bytes).read();
}

}  // namespace locus::weights
