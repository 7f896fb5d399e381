// Files around a pickle that must be refused, in one line and quickly.
#include "tests/engine/weights/torch_hostile.hpp"
#include "tests/support/paths.hpp"

namespace locus::tests {
namespace {

using namespace pickled;

std::string with_entries(std::vector<RawEntry> entries) { return RawZip(entries).bytes(); }

const RawEntry pickle_entry{"a/data.pkl", plain_state}, storage_entry{"a/data/0", sixteen_bytes};

RawEntry changed(RawEntry entry, void (*change)(RawEntry&)) {
  change(entry);
  return entry;
}

const std::vector<HostileTorch> hostile_archives{
    {"an empty file", "", "x: expected a file that torch.save wrote, found an empty one"},
    {"a text", "weights", "x: expected a file that torch.save wrote, found another kind"},
    {"a file that was not fetched", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
     "x: expected a file that torch.save wrote, found a pointer of Git LFS: the file itself was "
     "not fetched"},
    {"two letters", "PK", "x: expected the end of a zip file, found none (was it cut off?)"},
    {"no pickle", with_entries({storage_entry}),
     "x: expected an entry FOLDER/data.pkl, found none"},
    {"a big-endian file", with_entries({pickle_entry, {"a/byteorder", "big"}, storage_entry}),
     "x: expected little-endian values, found 'big'"},
    {"a compressed entry",
     with_entries({pickle_entry, changed(storage_entry, [](RawEntry& e) { e.method = 8; })}),
     "x: a/data/0: expected an entry that is stored, found a compressed one, method 8"},
    {"an encrypted entry",
     with_entries({pickle_entry, changed(storage_entry, [](RawEntry& e) { e.flags = 1; })}),
     "x: a/data/0: expected an entry that is not encrypted, found an encrypted one"},
    {"a size beyond the file",
     with_entries({pickle_entry, changed(storage_entry,
                                         [](RawEntry& e) { e.size = e.local_size = 4000000000; })}),
     "x: a/data/0: expected 4000000000 bytes from byte "},
    {"a size beyond 2^63",
     with_entries({pickle_entry, changed(storage_entry,
                                         [](RawEntry& e) {
                                           e.size = INT64_MAX;
                                           e.local_size = 0xffffffff;
                                           e.is64 = true;
                                         })}),
     "x: a/data/0: expected 9223372036854775807 bytes from byte "},
    {"a size that its header has not",
     with_entries({pickle_entry, changed(storage_entry, [](RawEntry& e) { e.size = 12; })}),
     "x: a/data/0: expected 12 bytes in its header, found 16"},
    {"a name that its header has not",
     with_entries({pickle_entry, changed(storage_entry, [](RawEntry& e) { e.local_name = "b"; })}),
     "x: a/data/0: expected the name and method of the directory in its header, found others"},
    {"an offset beyond the file",
     with_entries({pickle_entry, changed(storage_entry, [](RawEntry& e) { e.offset = 4000000; })}),
     "x: a/data/0: expected a place within its "},
    {"an offset within another entry",
     with_entries({pickle_entry, changed(storage_entry, [](RawEntry& e) { e.offset = 7; })}),
     "x: a/data/0: expected its header at byte 7, found another record"},
    {"two entries of one place",
     with_entries({changed(pickle_entry, [](RawEntry& e) { e.offset = 0; }),
                   changed(pickle_entry, [](RawEntry& e) { e.offset = 0; })}),
     "x: expected entries that do not overlap, found 'a/data.pkl' and 'a/data.pkl'"},
    {"an entry within another",
     [] {
       const RawZip inner({storage_entry});
       std::string outer = inner.data_;
       outer += std::string(40, '\0');
       RawEntry whole{"a/data/1", outer}, part = storage_entry;
       part.offset = 30 + 8;  // after the header of the first
       return with_entries({whole, part, pickle_entry});
     }(),
     "x: expected entries that do not overlap, found 'a/data/1' and 'a/data/0'"},
    {"a name twice", with_entries({pickle_entry, storage_entry, storage_entry}),
     "x: expected one entry 'a/data/0', found two"},
};

const std::string legacy = torch_legacy(plain_state, {{"0", 4, sixteen_bytes}});

const std::vector<HostileTorch> hostile_legacy{
    {"another mark", whole("K\x01"),
     "x: expected the number that torch.save begins with, found another value"},
    {"a count that is not the pickle's", torch_legacy(plain_state, {{"0", 3, sixteen_bytes}}),
     "x: storage '0': expected 4 values, found 3"},
    {"a storage that no tensor has", torch_legacy(plain_state, {{"9", 4, sixteen_bytes}}),
     "x: storage '9': expected a tensor in it, found none"},
    {"no storages", torch_legacy(plain_state, {}), "x: a: expected a storage '0', found none"},
    {"a storage that ends early", torch_legacy(plain_state, {{"0", 4, sixteen_bytes.substr(1)}}),
     "x: expected 16 bytes from byte "},
    {"a byte too many", legacy + "x", "x: expected the end after the last storage, found 1 bytes"},
    {"a global in the head",
     whole("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") + whole(global("os", "system")),
     "x: expected tensors alone, found the global 'os.system' at byte 17"},
    {"one key for two sizes",
     torch_legacy(whole("}(" + text("a") + plain_tensor + text("b") +
                        tensor(storage("HalfStorage", "0", 4), 0, sizes({4}), sizes({1})) + "u"),
                  {{"0", 4, sixteen_bytes}}),
     "x: b: expected its storage as other tensors have it, found another"},
    {"a view of a storage",
     torch_legacy(state("a", tensor(tuple(text("storage") + global("torch", "FloatStorage") +
                                          text("0") + text("cpu") + integer(4) +
                                          tuple(text("1") + integer(0) + integer(4))) +
                                        "Q",
                                    0, sizes({4}), sizes({1}))),
                  {{"0", 4, sixteen_bytes}}),
     "x: a: expected None, found a tuple"},
};

std::string golden_bytes(const std::string& name) {
  return read_text(source_path("tests/goldens/formats/torch/" + name));
}

/// What is said of a file that is cut at, or changed in, every `step`th byte.
template <typename Change>
std::vector<std::string> messages(const std::string& bytes, size_t step, Change change) {
  const TemporaryFolder folder;
  std::vector<std::string> messages;
  for (size_t place = 0; place < bytes.size(); place += step) {
    const auto path = folder.write("x", change(bytes, place));
    messages.push_back(folder.message([&] { read_all_of_torch(path); }));
  }
  return messages;
}

std::string cut(const std::string& bytes, size_t place) { return bytes.substr(0, place); }

}  // namespace

TEST_CASE("the files that these tests change are read as they are") {
  const TemporaryFolder folder;
  for (const std::string& bytes : {torch_zip(plain_state, sixteen_bytes), legacy,
                                   with_entries({pickle_entry, storage_entry})}) {
    const auto path = folder.write("x", bytes);
    CHECK(folder.message([&] { read_all_of_torch(path); }) == "no error");
  }
}

TEST_CASE("every hostile archive is refused with a message that says why") {
  check_refusals(hostile_archives);
}

TEST_CASE("every hostile file of the older form is refused with a message that says why") {
  check_refusals(hostile_legacy);
}

TEST_CASE("a file that is cut at any byte is refused in one line") {
  std::vector<std::string> all;
  for (const auto& [bytes, step] :
       {std::pair(torch_zip(plain_state, sixteen_bytes), 1), std::pair(legacy, 1),
        std::pair(golden_bytes("odd.zip.bin"), 13),
        std::pair(golden_bytes("odd.legacy.bin"), 13)}) {
    for (const std::string& message : messages(bytes, step, cut)) all.push_back(message);
  }
  CHECK(all.size() > 1500);
  for (const std::string& message : all) {
    CHECK(message.starts_with("x: "));
    CHECK(message.find('\n') == std::string::npos);
  }
}

TEST_CASE("a file with any byte changed is read or refused in one line") {
  for (const int change : {0x01, 0x80, 0xff}) {
    const auto flip = [&](std::string bytes, size_t place) {
      bytes[place] = static_cast<char>(bytes[place] ^ change);
      return bytes;
    };
    for (const auto& [bytes, step] :
         {std::pair(torch_zip(plain_state, sixteen_bytes), 1), std::pair(legacy, 1),
          std::pair(golden_bytes("odd.protocol4.bin"), 29)}) {
      int refused = 0;
      for (const std::string& message : messages(bytes, step, flip)) {
        if (message.find('\n') != std::string::npos) FAIL_CHECK(message);
        refused += message != "no error";
      }
      CHECK(refused > 100);
    }
  }
}

}  // namespace locus::tests
