// Files of PyTorch made by hand: pickles opcode by opcode, archives entry by entry.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace locus::tests {

/// `bytes` bytes of a number, the lowest first.
inline std::string little(uint64_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(number >> 8 * i);
  return text;
}

namespace pickled {

inline std::string text(std::string_view text) {
  return "X" + little(text.size(), 4) + std::string(text);
}
inline std::string integer(int64_t value) {
  return std::string("\x8a\x08") + little(static_cast<uint64_t>(value), 8);
}
inline std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
inline std::string tuple(const std::string& items) { return "(" + items + "t"; }
inline std::string sizes(std::initializer_list<int64_t> list) {
  std::string items;
  for (int64_t size : list) items += integer(size);
  return tuple(items);
}
inline std::string storage(const std::string& type, const std::string& key, int64_t count) {
  return tuple(text("storage") + global("torch", type) + text(key) + text("cpu") + integer(count)) +
         "Q";
}
inline std::string tensor(const std::string& storage, int64_t offset, const std::string& shape,
                          const std::string& strides) {
  return global("torch._utils", "_rebuild_tensor_v2") +
         tuple(storage + integer(offset) + shape + strides + "\x89" +
               global("collections", "OrderedDict") + ")R") +
         "R";
}
/// A whole pickle of `value`.
inline std::string whole(const std::string& value) { return "\x80\x02" + value + "."; }
/// A state dict of one name.
inline std::string state(std::string_view name, const std::string& value) {
  return whole("}(" + text(name) + value + "u");
}

}  // namespace pickled

/// An entry, and what its headers say where that is to differ.
struct RawEntry {
  std::string name;
  std::string bytes;
  int method = 0, flags = 0;
  int64_t size = -1;        ///< as the directory says
  int64_t local_size = -1;  ///< as the local header says
  int64_t offset = -1;
  std::string local_name = {};
  bool is64 = false;  ///< its numbers stand in the field of zip64
};

/// The central directory and the end are those of the entries; `zip64` adds the larger records.
class RawZip {
 public:
  explicit RawZip(const std::vector<RawEntry>& entries) {
    for (const RawEntry& entry : entries) add(entry);
  }
  std::string bytes() const { return data_ + directory_ + end(0x06054b50, data_.size()); }
  std::string bytes64() const {
    const uint64_t place = data_.size() + directory_.size();
    return data_ + directory_ + little(0x06064b50, 4) + little(44, 8) + little(45, 2) +
           little(45, 2) + little(0, 8) + little(count_, 8) + little(count_, 8) +
           little(directory_.size(), 8) + little(data_.size(), 8) + little(0x07064b50, 4) +
           little(0, 4) + little(place, 8) + little(1, 4) + end(0x06054b50, 0xffffffff);
  }
  std::string data_, directory_;
  uint64_t count_ = 0;

 private:
  void add(const RawEntry& entry) {
    const auto real = static_cast<int64_t>(entry.bytes.size());
    const auto size = static_cast<uint64_t>(entry.size < 0 ? real : entry.size);
    const auto local = static_cast<uint64_t>(entry.local_size < 0 ? real : entry.local_size);
    const uint64_t offset = entry.offset < 0 ? data_.size() : static_cast<uint64_t>(entry.offset);
    const std::string& local_name = entry.local_name.empty() ? entry.name : entry.local_name;
    const std::string kind = little(entry.flags, 2) + little(entry.method, 2) + little(0, 8);
    data_ += little(0x04034b50, 4) + little(45, 2) + kind + little(local, 4) + little(local, 4) +
             little(local_name.size(), 2) + little(0, 2) + local_name + entry.bytes;
    const std::string extra = entry.is64 ? little(0x5455, 2) + little(1, 2) + "x" + little(1, 2) +
                                               little(24, 2) + little(size, 8) + little(size, 8) +
                                               little(offset, 8)
                                         : "";
    const uint64_t shown = entry.is64 ? 0xffffffff : size;
    directory_ += little(0x02014b50, 4) + little(45, 2) + little(45, 2) + kind + little(shown, 4) +
                  little(shown, 4) + little(entry.name.size(), 2) + little(extra.size(), 2) +
                  std::string(10, '\0') + little(entry.is64 ? 0xffffffff : offset, 4) + entry.name +
                  extra;
    ++count_;
  }
  std::string end(uint64_t mark, uint64_t begin) const {
    return little(mark, 4) + little(0, 4) + little(count_, 2) + little(count_, 2) +
           little(directory_.size(), 4) + little(begin, 4) + little(0, 2);
  }
};

/// An archive of a pickle and one storage, `0`.
inline std::string torch_zip(const std::string& pickle, const std::string& storage) {
  return RawZip({{"a/data.pkl", pickle}, {"a/byteorder", "little"}, {"a/data/0", storage}}).bytes();
}

/// The older form of a pickle and storages by key, each with its count.
struct LegacyStorage {
  std::string key;
  int64_t count;
  std::string bytes;
};
inline std::string torch_legacy(const std::string& pickle,
                                const std::vector<LegacyStorage>& storages) {
  std::string keys, data;
  for (const LegacyStorage& storage : storages) {
    keys += pickled::text(storage.key);
    data += little(static_cast<uint64_t>(storage.count), 8) + storage.bytes;
  }
  return pickled::whole("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") +
         pickled::whole("M" + little(1001, 2)) +
         pickled::whole("}(" + pickled::text("little_endian") + "\x88u") + pickle +
         pickled::whole("](" + keys + "e") + data;
}

}  // namespace locus::tests
