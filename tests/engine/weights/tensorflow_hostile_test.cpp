// Indices of TensorFlow's checkpoints that must be refused, in one line and quickly.
#include <doctest/doctest.h>

#include <limits>

#include "engine/weights.hpp"
#include "tests/engine/weights/tensorflow_files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

struct HostileIndex {
  std::string what;
  std::string bytes;
  std::string message;
};

constexpr int64_t far = std::numeric_limits<int64_t>::max();

RawVariable variable(void (*change)(RawVariable&)) {
  RawVariable variable;
  change(variable);
  return variable;
}

std::string index_of(void (*change)(RawVariable&)) { return raw_index("a", variable(change)); }

const std::string plain = RawVariable().message();

const std::vector<HostileIndex> hostile_indices{
    {"an empty file", "", "x.index: expected a table of at least 48 bytes, found 0"},
    {"another file", std::string(60, 'x'),
     "x.index: expected a table's end, found another (was it cut off?)"},
    {"no entries", raw_table({}),
     "x.index: expected the index of a TensorFlow checkpoint, found another table"},
    {"a table of something else", raw_table({raw_block({{0, "a", "b"}})}),
     "x.index: expected the index of a TensorFlow checkpoint, found another table"},
    {"a block that Snappy compressed", raw_table({raw_block({{0, "", field(1, 1)}}, 1)}),
     "x.index: block at byte 0: expected a block as it is, found one that Snappy compressed"},
    {"a block of no known kind", raw_table({raw_block({{0, "", field(1, 1)}}, 7)}),
     "x.index: block at byte 0: expected a block as it is, found one of kind 7"},
    {"a key that continues more than there is", raw_table({raw_block({{9, "a", ""}})}),
     "x.index: expected a key of at most 2,048 bytes that continues the one before, found 1 bytes "
     "after 9"},
    {"a key twice", raw_table({raw_block({{0, "", field(1, 1)}, {0, "a", plain}, {1, "", plain}})}),
     "x.index: expected keys in order, found 'a' after 'a'"},
    {"keys out of order over two blocks",
     raw_table({raw_block({{0, "", field(1, 1)}, {0, "b", plain}}), raw_block({{0, "a", plain}})}),
     "x.index: expected keys in order, found 'a' after 'b'"},
    {"big-endian values", raw_index("a", {}, field(1, 1) + field(2, 1)),
     "x.index: expected little-endian values, found big-endian ones"},
    {"no files of data", raw_index("a", {}, ""),
     "x.index: expected 1 to 10,000 files of data, found 0"},
    {"10^12 files of data", raw_index("a", {}, field(1, 1'000'000'000'000)),
     "x.index: expected 1 to 10,000 files of data, found 1000000000000"},
    {"a message that ends early", raw_table({raw_block({{0, "", "\x08"}})}),
     "x.index: expected 1 bytes from byte 1, found the end after 0"},
    {"a group", raw_table({raw_block({{0, "", "\x0b"}})}),
     "x.index: expected a field of a known wire type, found 3"},
    {"a number without end",
     raw_table({raw_block({{0, "", std::string("\x08") + std::string(11, '\xff')}})}),
     "x.index: expected a number of at most 10 bytes before byte 11, found a longer one"},
    {"objects of TensorFlow 2",
     raw_index("_CHECKPOINTABLE_OBJECT_GRAPH", variable([](RawVariable& v) { v.type = 7; })),
     "x.index: expected variables saved by their names (TensorFlow 1), found a graph of objects"},
    {"texts", index_of([](RawVariable& v) { v.type = 7; }),
     "x.index: a: expected numbers of a known type, found texts"},
    {"an unknown type", index_of([](RawVariable& v) { v.type = 99; }),
     "x.index: a: expected numbers of a known type, found TensorFlow's type 99"},
    {"slices", index_of([](RawVariable& v) { v.more = field(7, ""); }),
     "x.index: a: expected a variable in one piece, found one in slices"},
    {"an unknown rank",
     raw_table({raw_block({{0, "", field(1, 1)}, {0, "a", field(1, 1) + field(2, field(3, 1))}})}),
     "x.index: a: expected a known rank, found an unknown one"},
    {"a high rank", index_of([](RawVariable& v) { v.shape.assign(9, 1); }),
     "x.index: a: expected a rank of at most 8, found a higher one"},
    {"a negative size", index_of([](RawVariable& v) { v.shape = {-4}; }),
     "x.index: a: expected as many bytes as F32 [-4] has, found 16"},
    {"a size that is not the shape's", index_of([](RawVariable& v) { v.shape = {5}; }),
     "x.index: a: expected as many bytes as F32 [5] has, found 16"},
    {"a product that wraps to 16", index_of([](RawVariable& v) {
       v.shape = {int64_t{1} << 32, (int64_t{1} << 32) + 4};
     }),
     "x.index: a: expected as many bytes as F32 [4294967296, 4294967300] has, found 16"},
    {"a file of data that is not there", index_of([](RawVariable& v) { v.shard = 1; }),
     "x.index: a: expected one of 1 files of data, found 1"},
    {"a negative file of data", index_of([](RawVariable& v) { v.shard = -1; }),
     "x.index: a: expected one of 1 files of data, found -1"},
    {"an offset beyond", index_of([](RawVariable& v) { v.offset = 1; }),
     "x.index: a: expected 16 bytes from 1 in x.data-00000-of-00001, found a file of 16"},
    {"an offset that wraps", index_of([](RawVariable& v) { v.offset = far; }),
     "x.index: a: expected 16 bytes from 9223372036854775807 in x.data-00000-of-00001, found a "
     "file "
     "of 16"},
    {"a negative offset", index_of([](RawVariable& v) { v.offset = -16; }),
     "x.index: a: expected 16 bytes from -16 in x.data-00000-of-00001, found a file of 16"},
    {"more than memory",
     index_of([](RawVariable& v) { v.shape = {int64_t{1} << 50}, v.size = int64_t{1} << 52; }),
     "x.index: a: expected 4503599627370496 bytes from 0 in x.data-00000-of-00001, found a file of "
     "16"},
    {"a name with a line feed", raw_index("a\nb", {}),
     "x.index: expected names of 1 to 1,024 printable characters, found 'a?b'"},
};

}  // namespace

TEST_CASE("every hostile index of a checkpoint is refused with a message that says why") {
  const TemporaryFolder folder;
  folder.write("x.data-00000-of-00001", std::string(16, '\0'));
  for (const HostileIndex& hostile : hostile_indices) {
    CAPTURE(hostile.what);
    const auto index = folder.write("x.index", hostile.bytes);
    CHECK(folder.message([&] { open_tensorflow(index); }) == hostile.message);
  }
}

TEST_CASE("an index made by hand is read, and its checksum is compared when it is read") {
  const TemporaryFolder folder;
  const std::string values = little(0x3f800000, 4) + std::string(12, '\0');
  folder.write("x.data-00000-of-00001", values);
  const uint32_t sum = weights::masked_crc32c(std::as_bytes(std::span(values)));
  RawVariable variable;
  variable.more = varint(6 << 3 | 5) + little(sum, 4);
  const auto index = folder.write("x.index", raw_index("a", variable));
  CHECK(open_tensorflow(index).f32("a").data()[0] == 1);
  variable.more = varint(6 << 3 | 5) + little(sum + 1, 4);
  folder.write("x.index", raw_index("a", variable));
  const Weights weights = open_tensorflow(index);
  CHECK(folder.message([&] { weights.f32("a"); }) ==
        "x.data-00000-of-00001: a: expected bytes that have the stored checksum, found others");
}

TEST_CASE("an index that repeats long keys is refused before it fills the memory") {
  const TemporaryFolder folder;
  std::vector<RawRow> rows{{0, std::string(2040, 'a'), ""}};
  for (int i = 0; i < 90'000; ++i) rows.push_back({2040, "", ""});
  const auto index = folder.write("x.index", raw_table({raw_block(rows)}));
  CHECK(folder.message([&] { open_tensorflow(index); }) ==
        "x.index: expected at most 100,000 entries and 16 MiB of keys, found more");
  rows.assign(100'001, {0, "", ""});
  folder.write("x.index", raw_table({raw_block(rows)}));
  CHECK(folder.message([&] { open_tensorflow(index); }) ==
        "x.index: expected at most 100,000 entries and 16 MiB of keys, found more");
}

}  // namespace locus::tests
