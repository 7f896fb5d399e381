#include <doctest/doctest.h>

#include <span>

#include "support.hpp"
#include "tokenizer/stream_decoder.hpp"

namespace locus::tests {
namespace {

std::string streamed(const std::shared_ptr<const Tokenizer>& tokenizer,
                     const std::vector<int32_t>& ids, DecodeOptions options = {}) {
  StreamDecoder decoder(tokenizer, options);
  std::string text;
  for (const int32_t id : ids) text += decoder.push(id);
  return text + decoder.finish();
}

TEST_CASE("streamed pieces, joined, are the decoded text for every case") {
  const std::string text =
      "<s> Hello , the naïve café can 't re-open at 3.14 pm . 北京 😀👍🏽 \u200b do n't "
      "[MASK] "
      "a "
      "' "
      "b <extra_id_0> end .";
  for_each_case([&](const std::shared_ptr<const Tokenizer>& tokenizer) {
    const auto ids = tokenizer->encode_ids(text);
    CHECK(streamed(tokenizer, ids) == tokenizer->decode(ids));
    const DecodeOptions skipping{.skip_special = true};
    CHECK(streamed(tokenizer, ids, skipping) == tokenizer->decode(ids, skipping));
  });
}

TEST_CASE("a character is held back until its last byte is there") {
  const auto tokenizer = open_case("gpt2");
  if (!tokenizer) return;
  const auto ids = tokenizer->encode_ids("😀!");
  REQUIRE(ids.size() > 2);
  StreamDecoder decoder(tokenizer);
  CHECK(decoder.push(ids[0]).empty());
  std::string text;
  for (std::size_t i = 1; i < ids.size(); ++i) text += decoder.push(ids[i]);
  CHECK(text == "😀!");
  CHECK(decoder.finish().empty());
  CHECK(decoder.push(ids[0]).empty());
  CHECK(decoder.finish() == "\uFFFD");
}

TEST_CASE("a text that follows another goes on where that ends, for every case") {
  const std::string text = "the lamp was not lit before the ships";
  const Json cases = golden_cases();
  int compared = 0;
  for (const auto& [name, description] : cases.items()) {
    const auto tokenizer = open_case(name);
    if (!tokenizer) continue;
    const DecodeOptions skipping{.skip_special = true};
    EncodeOptions plain;
    plain.special = false;
    const auto ids = tokenizer->encode_ids(text, plain);
    const std::string whole = tokenizer->decode(ids, skipping);
    for (const std::size_t cut : {ids.size() / 3, ids.size() / 2}) {
      const auto begin = std::span(ids).first(cut);
      const std::string first = tokenizer->decode(begin, skipping);
      if (cut == 0 || first.empty() || !whole.starts_with(first)) continue;
      const std::string shown = name;
      INFO(shown);
      StreamDecoder decoder(tokenizer, skipping);
      decoder.follow(begin);
      std::string rest;
      for (const int32_t id : std::span(ids).subspan(cut)) rest += decoder.push(id);
      CHECK(first + rest + decoder.finish() == whole);
      ++compared;
    }
  }
  CHECK(compared > 20);
}

TEST_CASE("words come as soon as they are certain") {
  const auto tokenizer = open_case("llama2c_tok512");
  if (!tokenizer) return;
  StreamDecoder decoder(tokenizer, {.skip_special = true});
  const auto ids = tokenizer->encode_ids("Once upon a time");
  std::vector<std::string> pieces;
  for (const int32_t id : ids) pieces.push_back(decoder.push(id));
  CHECK(pieces.front().empty());
  CHECK(pieces[1] == "Once");
  CHECK(pieces[2] == " upon");
}

}  // namespace
}  // namespace locus::tests
