#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "support.hpp"
#include "tokenizer/models/merges.hpp"
#include "tokenizer/text/base64.hpp"
#include "tokenizer/text/graphemes.hpp"
#include "tokenizer/text/trie.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

TEST_CASE("a trie finds what was put in, prefixes in order, and nothing else") {
  std::mt19937 random(7);
  std::vector<std::string> keys;
  for (int i = 0; i < 5000; ++i) {
    std::string key;
    for (int size = 1 + static_cast<int>(random() % 6); size > 0; --size) {
      key += static_cast<char>(random() % (i % 2 ? 4 : 256));
    }
    keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::vector<Trie::Entry> entries;
  for (std::size_t i = 0; i < keys.size(); ++i)
    entries.push_back({keys[i], static_cast<int32_t>(i)});
  Watch unwatched;
  const Trie trie(entries, unwatched);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    REQUIRE(trie.find(keys[i]) == static_cast<int32_t>(i));
    const bool longer = std::binary_search(keys.begin(), keys.end(), keys[i] + "\x01");
    REQUIRE(trie.find(keys[i] + "\x01").has_value() == longer);
    std::size_t last = 0, count = 0;
    trie.for_each_prefix(keys[i], [&](Trie::Match match) {
      REQUIRE(keys[static_cast<std::size_t>(match.value)] == keys[i].substr(0, match.size));
      REQUIRE(match.size > last);
      last = match.size;
      ++count;
    });
    std::size_t expected = 0;
    for (std::size_t size = 1; size <= keys[i].size(); ++size) {
      expected += std::binary_search(keys.begin(), keys.end(), keys[i].substr(0, size));
    }
    REQUIRE(count == expected);
    REQUIRE(trie.longest_prefix(keys[i]).size == keys[i].size());
  }
  CHECK_FALSE(Trie().find("a").has_value());
  CHECK(Trie().longest_prefix("a").size == 0);
}

// The definition: always the lowest rank, the leftmost of equals.
std::vector<int32_t> merged_plainly(const MergeTable& merges, std::vector<int32_t> ids) {
  for (;;) {
    std::size_t best = 0;
    int32_t rank = MergeTable::no_rank;
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
      const int32_t found = merges.find(ids[i], ids[i + 1]).rank;
      if (found < rank) rank = found, best = i;
    }
    if (rank == MergeTable::no_rank) return ids;
    ids[best] = merges.find(ids[best], ids[best + 1]).id;
    ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

TEST_CASE("merging short and long words follows the definition") {
  std::mt19937 random(11);
  MergeTable merges(60);
  for (int32_t rank = 0; rank < 60; ++rank) {
    merges.add(static_cast<int32_t>(random() % 12), static_cast<int32_t>(random() % 12),
               {rank, static_cast<int32_t>(random() % 12)});
  }
  for (std::size_t size = 0; size < 200; ++size) {
    std::vector<int32_t> ids;
    std::vector<Symbol> symbols{{99, 0, 0}};
    for (uint32_t i = 0; i < size; ++i) {
      ids.push_back(static_cast<int32_t>(random() % 12));
      symbols.push_back({ids.back(), i, i + 1});
    }
    Watch watch;
    merge_symbols(merges, 1, symbols, watch);
    const std::vector<int32_t> expected = merged_plainly(merges, ids);
    REQUIRE(symbols.size() == expected.size() + 1);
    uint32_t at = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      REQUIRE(symbols[i + 1].id == expected[i]);
      REQUIRE(symbols[i + 1].begin == at);
      at = symbols[i + 1].end;
    }
    REQUIRE(at == size);
  }
}

TEST_CASE("ill-formed bytes are repaired as Unicode recommends") {
  CHECK(repaired("a\xff"
                 "b") == "a\uFFFDb");
  CHECK(repaired("\xe4\xbd") == "\uFFFD");
  CHECK(repaired("\xe4\xbd\xe4\xbd\xa0") == "\uFFFD你");
  CHECK(repaired("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(repaired("\xf0\x9f\x98") == "\uFFFD");
  CHECK(repaired("你😀") == "你😀");
  CHECK(repaired("\xe4\xbd\uFFFD\xff", "") == "\uFFFD");
}

TEST_CASE("base64 is its own inverse") {
  for (const std::string bytes : {"", "a", "ab", "abc", "\xff\x00z"}) {
    CHECK(decoded_base64(encoded_base64(bytes)) == bytes);
  }
  CHECK(encoded_base64("hello") == "aGVsbG8=");
}

TEST_CASE("grapheme clusters keep marks, joiners and flags together") {
  CHECK(grapheme_end("e\u0301x", 0) == 3);
  CHECK(grapheme_end("\r\n", 0) == 2);
  CHECK(grapheme_end("👩‍🚀!", 0) == std::string("👩‍🚀").size());
  CHECK(grapheme_end("🇩🇪🇫🇷", 0) == 8);
}

}  // namespace
}  // namespace locus::tokenization
