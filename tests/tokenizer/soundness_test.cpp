// SentencePiece models that their library would read past the end of.
#include <doctest/doctest.h>

#include <array>
#include <bit>

#include "support.hpp"

namespace locus::tests {
namespace {

std::string number(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7F) | 0x80);
  return bytes + static_cast<char>(value);
}
std::string field(int id, const std::string& bytes) {
  return number(static_cast<uint64_t>(id) << 3 | 2) + number(bytes.size()) + bytes;
}
std::string field(int id, uint64_t value) {
  return number(static_cast<uint64_t>(id) << 3) + number(value);
}
std::string word(uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> 8 * i & 0xFF);
  return bytes;
}
std::string score(float value) { return number(2 << 3 | 5) + word(std::bit_cast<uint32_t>(value)); }

std::string piece(const std::string& text, uint64_t type = 1) {
  return field(1, field(1, text) + score(-1) + field(3, type));
}
std::string pieces() {
  std::string all = piece("<unk>", 2) + piece("<s>", 3) + piece("</s>", 3);
  for (const char* letter : {"\u2581", "a", "b", "c"}) all += piece(letter);
  return all;
}

/// A map of 256 units that leave a byte as it is, but for the units that are given.
std::string map_of(const std::map<uint32_t, uint32_t>& units, const std::string& texts) {
  constexpr uint32_t count = 512;
  std::string trie;
  for (uint32_t i = 0; i < count; ++i) {
    const auto unit = units.find(i);
    trie += word(unit == units.end() ? 0x80000000u : unit->second);
  }
  return word(count * 4) + trie + texts;
}
constexpr uint32_t to(uint32_t offset, uint32_t label, bool value = false) {
  return offset << 10 | (value ? 0x100u : 0u) | label;
}

std::string message_of(const std::string& model) {
  const TemporaryFolder folder;
  folder.write("tokenizer.model", model);
  try {
    const auto tokenizer = Tokenizer::open(folder.path());
    tokenizer->decode(tokenizer->encode_ids("abc cab \u00e9 b"));
    return "";
  } catch (const Error& error) {
    const std::string message = error.what();
    return message.substr(std::min(message.size(), message.find(": ") + 2));
  }
}
std::string of_map(const std::string& map, int normalizer = 3) {
  return message_of(pieces() + field(normalizer, field(2, map)));
}

const std::string no_texts("c\0", 2);

TEST_CASE("maps of characters that lead nowhere else are followed") {
  CHECK(of_map("") == "");
  CHECK(of_map(map_of({{0, to(256, 0)}}, no_texts)) == "");
  // 'a' becomes "c"
  CHECK(
      of_map(map_of({{0, to(256, 0)}, {256 ^ 'a', to(1, 'a', true)}, {256 ^ 'a' ^ 1, 0x80000000u}},
                    no_texts)) == "");
}

TEST_CASE("maps of characters that lead out of their bytes are refused") {
  const char* outside =
      "precompiled_charsmap: expected a trie that stays within its bytes, found other bytes";
  CHECK(of_map(map_of({{0, to(512, 0)}}, no_texts)) == outside);
  CHECK(of_map(map_of({{0, to(256, 0)}, {256 ^ 'a', to(4096, 'a')}}, no_texts)) == outside);
  CHECK(of_map(map_of({{0, to(256, 0)}, {256 ^ 'a', to(4096, 'a')}}, no_texts), 5) == outside);
  const char* places =
      "precompiled_charsmap: expected a trie whose values are places of its texts, found other "
      "bytes";
  for (const uint32_t value : {2u, 0x7FFFFFFFu}) {
    CHECK(
        of_map(map_of(
            {{0, to(256, 0)}, {256 ^ 'a', to(1, 'a', true)}, {256 ^ 'a' ^ 1, 0x80000000u | value}},
            no_texts)) == places);
  }
}

TEST_CASE("maps of characters that are cut off are refused") {
  const char* parts =
      "precompiled_charsmap: expected a trie, and texts after it, found other bytes";
  for (const std::string& map : {std::string("x"), word(0), word(0xFFFFFFFF) + "abc",
                                 word(6) + "abcdefg", word(4) + word(0)}) {
    CHECK(of_map(map) == parts);
  }
  const char* texts =
      "precompiled_charsmap: expected texts in UTF-8 that end with a NUL byte, found other bytes";
  CHECK(of_map(map_of({}, "c")) == texts);
  CHECK(of_map(map_of({}, std::string("\xff\0", 2))) == texts);
}

TEST_CASE("no second map hides behind a field that only one of two readers takes for one") {
  const std::string evil = field(2, map_of({{0, to(512, 0)}}, no_texts));
  CHECK(message_of(pieces() + field(3, evil + field(2, 7))) != "");
  CHECK(message_of(pieces() + field(3, evil) + field(3, field(2, map_of({}, no_texts)))) != "");
  const uint64_t high = uint64_t{1} << 32 | 3 << 3 | 2;  // some read its lower half
  CHECK(message_of(pieces() + number(high) + number(evil.size()) + evil) ==
        "SentencePiece model: expected Protocol Buffers, found malformed or missing bytes");
}

TEST_CASE("pieces are at most 4096 bytes long, for each reader of a model") {
  const std::string model = pieces() + piece(std::string(1'000'000, 'a'));
  check_contains(message_of(model), "expected pieces of at most 4096 bytes, found 1000000");
  for (const char* type : {"T5Tokenizer", "LlamaTokenizer"}) {
    const TemporaryFolder folder;
    folder.write("spiece.model", model);
    folder.write("tokenizer_config.json", Json{{"tokenizer_class", type}}.dump());
    check_contains(error_of(folder), "expected pieces of at most 4096 bytes, found 1000000");
  }
}

TEST_CASE("merges of pieces that are each other's beginnings are bounded") {
  std::string model = pieces();
  for (int size = 1; size < 1500; ++size)
    model += piece(std::string(static_cast<size_t>(size), 'a'));
  const TemporaryFolder folder;
  folder.write("tokenizer.model", model + field(2, field(3, 2)));
  folder.write("tokenizer_config.json", R"({"tokenizer_class": "LlamaTokenizer"})");
  check_contains(error_of(folder), "merges of the pieces: expected at most 268435456 bytes");
}

}  // namespace
}  // namespace locus::tests
