// A checkpoint of TensorFlow's second format: a table of entries by the variables' names, and files
// of values (tensorflow/core/protobuf/tensor_bundle.proto).
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <memory>

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "engine/weights/data_type.hpp"
#include "engine/weights/formats/crc32c.hpp"
#include "engine/weights/formats/protocol_buffer.hpp"
#include "engine/weights/formats/sorted_table.hpp"
#include "engine/weights/storage.hpp"

namespace locus {
namespace {

namespace fs = std::filesystem;
using Bytes = std::span<const std::byte>;

constexpr int64_t max_shards = 10'000;

/// BundleEntryProto.
struct BundleEntry {
  std::string name;
  DataType type = DataType::f32;
  Shape shape;
  int64_t shard = 0, offset = 0, size = 0;
  uint32_t checksum = 0;
};

/// A file of values; the checksum of each variable is compared when it is read.
class BundleData final : public weights::WeightStorage {
 public:
  explicit BundleData(const fs::path& path) : path_(path.string()), file_(path) {}

  Bytes place(const std::string& who, const BundleEntry& entry) {
    const Bytes bytes = file_.bytes();
    const auto all = static_cast<int64_t>(bytes.size());
    if (entry.offset < 0 || entry.offset > all || entry.size > all - entry.offset) {
      throw Error(who + ": " + entry.name,
                  std::to_string(entry.size) + " bytes from " + std::to_string(entry.offset) +
                      " in " + path_,
                  "a file of " + std::to_string(all));
    }
    const Bytes part =
        bytes.subspan(static_cast<size_t>(entry.offset), static_cast<size_t>(entry.size));
    checksums_[{entry.offset, entry.size}] = entry.checksum;
    return part;
  }

  void load(Bytes part) const override { file_.load(part); }
  /// From where `verify` read them to, so that a variable is read once.
  void copy(Bytes part, std::span<std::byte> to) const override {
    file_.load(part);
    std::ranges::copy(part, to.begin());
  }
  void release(Bytes part) const override { file_.release(part); }
  void verify(std::string_view name, Bytes part) const override {
    if (part.empty()) return;
    file_.load(part);
    const int64_t offset = part.data() - file_.bytes().data();
    const auto found = checksums_.find({offset, static_cast<int64_t>(part.size())});
    if (found == checksums_.end() || weights::masked_crc32c(part) == found->second) return;
    throw Error(path_ + ": " + std::string(name), "bytes that have the stored checksum", "others");
  }

 private:
  std::string path_;
  FileBytes file_;
  std::map<std::pair<int64_t, int64_t>, uint32_t> checksums_;  // by offset and size
};

// DataType of tensorflow/core/framework/types.proto.
DataType read_bundle_type(const std::string& at, uint64_t number) {
  constexpr std::array<std::pair<uint64_t, DataType>, 10> known{{{1, DataType::f32},
                                                                 {2, DataType::f64},
                                                                 {3, DataType::i32},
                                                                 {4, DataType::u8},
                                                                 {5, DataType::i16},
                                                                 {6, DataType::i8},
                                                                 {9, DataType::i64},
                                                                 {10, DataType::boolean},
                                                                 {14, DataType::bf16},
                                                                 {19, DataType::f16}}};
  for (const auto& [code, type] : known) {
    if (code == number) return type;
  }
  throw Error(at, "numbers of a known type",
              number == 7 ? "texts" : "TensorFlow's type " + std::to_string(number));
}

Shape read_bundle_shape(const std::string& at, std::string_view message) {
  Shape shape;
  for (const weights::ProtocolField& dimension : weights::read_protocol_fields(at, message)) {
    if (dimension.tag == 3 && dimension.number) throw Error(at, "a known rank", "an unknown one");
    if (dimension.tag != 2) continue;
    int64_t size = 0;  // what a message leaves out is 0
    for (const weights::ProtocolField& field : weights::read_protocol_fields(at, dimension.bytes)) {
      if (field.tag == 1) size = field.integer();
    }
    shape.push_back(size);
    if (shape.size() > max_stored_rank) throw Error(at, "a rank of at most 8", "a higher one");
  }
  return shape;
}

BundleEntry read_entry_message(const std::string& at, std::string_view message) {
  BundleEntry entry;
  uint64_t type = 0;
  for (const weights::ProtocolField& field : weights::read_protocol_fields(at, message)) {
    if (field.tag == 1) type = field.number;
    if (field.tag == 2) entry.shape = read_bundle_shape(at, field.bytes);
    if (field.tag == 3) entry.shard = field.integer();
    if (field.tag == 4) entry.offset = field.integer();
    if (field.tag == 5) entry.size = field.integer();
    if (field.tag == 6) entry.checksum = static_cast<uint32_t>(field.number);
    if (field.tag == 7) throw Error(at, "a variable in one piece", "one in slices");
  }
  entry.type = read_bundle_type(at, type);
  return entry;
}

BundleEntry read_bundle_entry(const std::string& who, const weights::TableEntry& row,
                              int64_t shards) {
  weights::expect_tensor_name(who, row.key);
  const std::string at = who + ": " + row.key;
  if (row.key == "_CHECKPOINTABLE_OBJECT_GRAPH") {
    throw Error(who, "variables saved by their names (TensorFlow 1)", "a graph of objects");
  }
  BundleEntry entry = read_entry_message(at, row.value);
  entry.name = row.key;
  const auto bytes = weights::checked_product(size_of(entry.type), entry.shape);
  if (!bytes || *bytes != entry.size) {
    throw Error(at,
                "as many bytes as " + std::string(to_string(entry.type)) + " " +
                    to_string(entry.shape) + " has",
                std::to_string(entry.size));
  }
  if (entry.shard < 0 || entry.shard >= shards) {
    throw Error(at, "one of " + std::to_string(shards) + " files of data",
                std::to_string(entry.shard));
  }
  return entry;
}

/// BundleHeaderProto, the value of the empty key: how many files of data there are.
int64_t read_bundle_header(const std::string& who, const std::vector<weights::TableEntry>& rows) {
  if (rows.empty() || !rows.front().key.empty()) {
    throw Error(who, "the index of a TensorFlow checkpoint", "another table");
  }
  int64_t shards = 0;
  for (const weights::ProtocolField& field :
       weights::read_protocol_fields(who, rows.front().value)) {
    if (field.tag == 1) shards = field.integer();
    if (field.tag == 2 && field.number != 0) {
      throw Error(who, "little-endian values", "big-endian ones");
    }
  }
  if (shards < 1 || shards > max_shards) {
    throw Error(who, "1 to 10,000 files of data", std::to_string(shards));
  }
  return shards;
}

fs::path data_path(const fs::path& index, int64_t shard, int64_t shards) {
  std::array<char, 64> ending;
  std::snprintf(ending.data(), ending.size(), ".data-%05d-of-%05d", static_cast<int>(shard),
                static_cast<int>(shards));
  fs::path data = index;
  data.replace_extension(ending.data());
  return data;
}

}  // namespace

Weights open_tensorflow(const fs::path& index) {
  const std::string who = index.string();
  const FileBytes table(index);
  table.load(table.bytes());
  const auto rows = weights::read_sorted_table(who, table.bytes());
  const int64_t shards = read_bundle_header(who, rows);
  std::map<int64_t, std::shared_ptr<BundleData>> files;
  Weights weights;
  for (const weights::TableEntry& row : std::span(rows).subspan(1)) {
    BundleEntry entry = read_bundle_entry(who, row, shards);
    auto& file = files[entry.shard];
    if (!file) file = std::make_shared<BundleData>(data_path(index, entry.shard, shards));
    const Bytes bytes = file->place(who, entry);
    WeightsAccess::insert(weights, std::move(entry.name),
                          StoredTensor{entry.type, std::move(entry.shape), bytes}, file);
  }
  return weights;
}

}  // namespace locus
