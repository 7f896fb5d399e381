// Texts that are encoded in parts, against the same encoded as a whole.
#include "tokenizer/part_encoder.hpp"

#include <doctest/doctest.h>

#include "support.hpp"

namespace locus::tests {
namespace {

/// Everything that is hard to cut: long words, runs of spaces and line ends, added tokens,
/// clusters.
std::string mixed_text(int times) {
  const std::string word(90, 'x');
  std::string text;
  for (int i = 0; i < times; ++i) {
    text += "  It was, as Mr. Naïve's \"café\" said: don't re-open at 3.14159 p.m.!\n\n\n";
    text +=
        "北京大学的学生 " + std::to_string(i * 7919) + " 😀👍🏽\u200b\t<s> [MASK] </s>   ";
    text += word.substr(0, static_cast<size_t>(i * 13 % 90)) + " ¿señor? Straße\r\n aaaaaaaaaa";
  }
  return text;
}

ReadOn reader_of(const std::string& text) {
  return [&text, at = size_t{0}](size_t bytes) mutable {
    std::string part = text.substr(at, bytes);
    at += part.size();
    return part;
  };
}

struct Joined {
  std::string raw;
  std::vector<int32_t> ids;
  std::vector<Span> offsets;
  int parts = 0;
};

Joined encode_in_parts(const std::shared_ptr<const Tokenizer>& tokenizer, const std::string& text,
                       size_t bytes) {
  PartEncoder encoder(tokenizer, reader_of(text), {.bytes = bytes});
  Joined joined;
  while (const auto part = encoder.next()) {
    CHECK(part->begin == static_cast<int64_t>(joined.raw.size()));
    joined.raw += part->raw;
    joined.ids.insert(joined.ids.end(), part->ids.begin(), part->ids.end());
    for (const Span& span : part->offsets) {
      joined.offsets.push_back({part->begin + span.begin, part->begin + span.end});
    }
    ++joined.parts;
  }
  CHECK_FALSE(encoder.next());
  return joined;
}

TEST_CASE("parts of any size, joined, are the text's tokens for every case") {
  const std::string text = mixed_text(40);
  const Json cases = golden_cases();
  for (const auto& [name, description] : cases.items()) {
    const auto tokenizer = open_case(name);
    if (!tokenizer) continue;
    const auto whole = tokenizer->encode(text, {.special = false, .max_length = {}});
    for (const size_t bytes : {500, 2000, 6001}) {
      const std::string shown = name;
      CAPTURE(shown);
      CAPTURE(bytes);
      const Joined joined = encode_in_parts(tokenizer, text, bytes);
      CHECK(joined.raw == text);
      CHECK(joined.ids == whole.ids);
      bool same = joined.offsets.size() == whole.offsets.size();
      for (size_t i = 0; same && i < joined.offsets.size(); ++i) {
        same = joined.offsets[i] == whole.offsets[i];
      }
      CHECK(same);
    }
  }
}

TEST_CASE("a text is cut where it can be, and held where it cannot") {
  const auto tokenizer = open_case("gpt2");
  if (!tokenizer) return;
  CHECK(encode_in_parts(tokenizer, mixed_text(100), 2000).parts > 5);
  const std::string one_word(5000, 'a');
  const auto joined = encode_in_parts(tokenizer, one_word, 300);
  CHECK(joined.ids == tokenizer->encode_ids(one_word));
  CHECK(encode_in_parts(tokenizer, "", 300).parts == 0);
}

TEST_CASE("a word without an end is refused before all of it is held") {
  const auto tokenizer = open_case("bert_base_cased");
  if (!tokenizer) return;
  int64_t given = 0;
  const ReadOn endless = [&](size_t bytes) {
    given += static_cast<int64_t>(bytes);
    return std::string(bytes, 'a');
  };
  PartEncoder encoder(tokenizer, endless, {.who = "a.txt", .bytes = 100, .max_bytes = 5000});
  const auto all = [&] {
    while (encoder.next()) continue;
  };
  CHECK_THROWS_WITH_AS(
      all(), "a.txt: expected words of at most 5000 bytes, found a longer one from byte 0 on",
      Error);
  CHECK(given < 20'000);
}

TEST_CASE("a byte that is not UTF-8 is named by its place in the whole text") {
  const auto tokenizer = open_case("gpt2");
  if (!tokenizer) return;
  std::string text = mixed_text(20);
  text[4000] = '\xff';
  const ReadOn read = reader_of(text);
  PartEncoder encoder(tokenizer, read, {.who = "a.txt", .bytes = 500});
  const auto all = [&] {
    while (encoder.next()) continue;
  };
  CHECK_THROWS_WITH_AS(all(), "a.txt: expected UTF-8, found byte 0xff at offset 4000", Error);
}

}  // namespace
}  // namespace locus::tests
