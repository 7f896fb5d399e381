#include "engine/weights/formats/zip_archive.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "engine/weights/byte_reader.hpp"

namespace locus::weights {
namespace {

constexpr uint32_t local_mark = 0x04034b50, central_mark = 0x02014b50, end_mark = 0x06054b50;
constexpr uint32_t end64_mark = 0x06064b50, locator64_mark = 0x07064b50;
constexpr size_t end_bytes = 22, locator64_bytes = 20, central_bytes = 46;
constexpr size_t max_comment_bytes = 65535;
constexpr uint32_t elsewhere = 0xffffffff;  // the number stands in the zip64 field
constexpr uint16_t encrypted = 1, sizes_follow = 8;

using Bytes = std::span<const std::byte>;

/// Where the central directory lies.
struct ZipDirectory {
  uint64_t entries = 0, size = 0, begin = 0;
  uint64_t end = 0;  // of the directory, where the records of its place begin
};

/// An entry as the central directory has it.
struct ZipEntry {
  std::string name;
  uint16_t flags = 0, method = 0;
  uint64_t packed = 0, size = 0, header = 0;
  Bytes bytes;  // after its local header was read
  uint64_t end = 0;
};

[[noreturn]] void refuse_zip(const std::string& who, const std::string& expected,
                             const std::string& found) {
  throw Error(who, expected, found);
}

uint32_t number_at(Bytes bytes, size_t place) {
  return ByteReader("", bytes.subspan(place)).number<uint32_t>();
}

// The last record of the file; after it there is nothing but its comment.
size_t find_zip_end(const std::string& who, const FileBytes& file) {
  const Bytes bytes = file.bytes();
  const size_t max = std::min(bytes.size(), end_bytes + max_comment_bytes);
  file.load(bytes.last(std::min(bytes.size(), max + locator64_bytes)));
  for (size_t back = end_bytes; back <= max; ++back) {
    const size_t place = bytes.size() - back;
    if (number_at(bytes, place) != end_mark) continue;
    ByteReader comment("", bytes.subspan(place + end_bytes - 2));
    if (comment.number<uint16_t>() == back - end_bytes) return place;
  }
  refuse_zip(who, "the end of a zip file", "none (was it cut off?)");
}

ZipDirectory read_zip_end(const std::string& who, const FileBytes& file, size_t place) {
  ByteReader reader(who, file, file.bytes().size());
  reader.seek(place + 4);
  const auto disk = reader.number<uint16_t>(), first_disk = reader.number<uint16_t>();
  if (disk != 0 || first_disk != 0) refuse_zip(who, "a zip file in one part", "several");
  reader.take(2);
  ZipDirectory directory;
  directory.entries = reader.number<uint16_t>();
  directory.size = reader.number<uint32_t>();
  directory.begin = reader.number<uint32_t>();
  directory.end = place;
  return directory;
}

ZipDirectory read_zip64_end(const std::string& who, const FileBytes& file, size_t locator) {
  ByteReader reader(who, file, file.bytes().size());
  reader.seek(locator + 8);
  const auto place = reader.number<uint64_t>();
  reader.seek(place);
  if (reader.number<uint32_t>() != end64_mark) {
    refuse_zip(who, "zip64's end at byte " + std::to_string(place), "another record");
  }
  reader.take(28);  // its size, versions, disks, the entries of this disk
  ZipDirectory directory;
  directory.entries = reader.number<uint64_t>();
  directory.size = reader.number<uint64_t>();
  directory.begin = reader.number<uint64_t>();
  directory.end = place;
  return directory;
}

ZipDirectory find_zip_directory(const std::string& who, const FileBytes& file) {
  const size_t end = find_zip_end(who, file);
  const bool is64 =
      end >= locator64_bytes && number_at(file.bytes(), end - locator64_bytes) == locator64_mark;
  const ZipDirectory directory =
      is64 ? read_zip64_end(who, file, end - locator64_bytes) : read_zip_end(who, file, end);
  const bool fits = directory.begin <= directory.end &&
                    directory.size == directory.end - directory.begin &&
                    directory.entries <= directory.size / central_bytes;
  if (!fits) {
    refuse_zip(who, "a central directory that ends at byte " + std::to_string(directory.end),
               std::to_string(directory.entries) + " entries in " + std::to_string(directory.size) +
                   " bytes from " + std::to_string(directory.begin));
  }
  return directory;
}

// The numbers that have no room in 32 bits, in a fixed order, those alone.
void read_zip64_field(ByteReader extra, ZipEntry& entry) {
  while (extra.left() >= 4) {
    const auto kind = extra.number<uint16_t>();
    const auto field = extra.take(extra.number<uint16_t>());
    if (kind != 1) continue;
    ByteReader numbers(extra.who(), field);
    for (uint64_t* number : {&entry.size, &entry.packed, &entry.header}) {
      if (*number == elsewhere) *number = numbers.number<uint64_t>();
    }
    return;
  }
}

ZipEntry read_zip_entry(const std::string& who, ByteReader& reader) {
  if (reader.number<uint32_t>() != central_mark) {
    refuse_zip(who, "an entry of the central directory", "another record");
  }
  ZipEntry entry;
  reader.take(4);  // versions
  entry.flags = reader.number<uint16_t>();
  entry.method = reader.number<uint16_t>();
  reader.take(8);  // time, date, checksum
  entry.packed = reader.number<uint32_t>();
  entry.size = reader.number<uint32_t>();
  const auto name = reader.number<uint16_t>(), extra = reader.number<uint16_t>(),
             comment = reader.number<uint16_t>();
  reader.take(8);  // disk, attributes
  entry.header = reader.number<uint32_t>();
  entry.name = reader.text(name);
  const std::string at = who + ": " + shown_ascii(entry.name);
  read_zip64_field({at, reader.take(extra)}, entry);
  reader.take(comment);
  if (entry.flags & encrypted) refuse_zip(at, "an entry that is not encrypted", "an encrypted one");
  if (entry.method != 0) {
    refuse_zip(at, "an entry that is stored",
               "a compressed one, method " + std::to_string(entry.method));
  }
  if (entry.packed != entry.size) {
    refuse_zip(at, "one size", std::to_string(entry.packed) + " and " + std::to_string(entry.size));
  }
  return entry;
}

// The local header must say what the directory says.
void find_zip_bytes(ByteReader reader, ZipEntry& entry) {
  const std::string& at = reader.who();
  reader.seek(entry.header);
  if (reader.number<uint32_t>() != local_mark) {
    refuse_zip(at, "its header at byte " + std::to_string(entry.header), "another record");
  }
  reader.take(2);
  const auto flags = reader.number<uint16_t>(), method = reader.number<uint16_t>();
  reader.take(8);
  const auto packed = reader.number<uint32_t>(), size = reader.number<uint32_t>();
  const auto name = reader.number<uint16_t>(), extra = reader.number<uint16_t>();
  if (method != 0 || reader.text(name) != entry.name) {
    refuse_zip(at, "the name and method of the directory in its header", "others");
  }
  const auto agrees = [&](uint32_t local) {
    return local == entry.size || local == elsewhere || (flags & sizes_follow);
  };
  if (!agrees(packed) || !agrees(size)) {
    refuse_zip(at, std::to_string(entry.size) + " bytes in its header", std::to_string(size));
  }
  reader.take(extra);
  entry.bytes = reader.pass(entry.size);
  entry.end = reader.position();
}

void expect_apart(const std::string& who, std::vector<ZipEntry>& entries) {
  std::ranges::sort(entries, {}, &ZipEntry::header);
  for (size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].header >= entries[i - 1].end) continue;
    refuse_zip(
        who, "entries that do not overlap",
        "'" + shown_ascii(entries[i - 1].name) + "' and '" + shown_ascii(entries[i].name) + "'");
  }
}

}  // namespace

std::map<std::string, Bytes> read_zip_archive(const std::string& who, const FileBytes& file) {
  const ZipDirectory directory = find_zip_directory(who, file);
  ByteReader reader(who, file, directory.end);
  reader.seek(directory.begin);
  std::vector<ZipEntry> entries;
  for (uint64_t i = 0; i < directory.entries; ++i) {
    entries.push_back(read_zip_entry(who, reader));
    const std::string at = who + ": " + shown_ascii(entries.back().name);
    find_zip_bytes({at, file, directory.begin}, entries.back());
  }
  if (reader.left() != 0) {
    refuse_zip(who, std::to_string(directory.entries) + " entries in the central directory",
               "more");
  }
  expect_apart(who, entries);
  std::map<std::string, Bytes> named;
  for (const ZipEntry& entry : entries) {
    if (!named.emplace(entry.name, entry.bytes).second) {
      refuse_zip(who, "one entry '" + shown_ascii(entry.name) + "'", "two");
    }
  }
  return named;
}

}  // namespace locus::weights
