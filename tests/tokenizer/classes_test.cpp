// What single classes do: ByT5's, which has no vocabulary file, NLLB's and BLOOM's.
#include <doctest/doctest.h>

#include "blocks.hpp"
#include "tokenizer/stream_decoder.hpp"

namespace locus::tests {
namespace {

using Ids = std::vector<int32_t>;

std::shared_ptr<const Tokenizer> open_byt5(const Json& settings) {
  TemporaryFolder folder;
  Json config = {{"tokenizer_class", "ByT5Tokenizer"}};
  config.update(settings);
  folder.write("tokenizer_config.json", config.dump());
  return Tokenizer::open(folder.path());
}

Ids pair_of(const Tokenizer& tokenizer, const char* first, const char* second,
            std::optional<int64_t> max_length) {
  EncodeOptions options;
  options.max_length = max_length;
  return tokenizer.encode_pair(first, second, options).ids;
}

TEST_CASE("ByT5's tokens are bytes, and their offsets those of characters") {
  const auto tokenizer = open_byt5(Json::object());
  CHECK(tokenizer->size() == 384);
  CHECK(tokenizer->sentinel(124) == 383);
  const EncodedText text = tokenizer->encode("hé </s> \x1c<extra_id_0>");
  CHECK(text.ids == Ids{107, 198, 172, 1, 259, 1});
  CHECK(text.tokens[1] == "Ã");
  CHECK(text.offsets[1]->begin == 1);  // both bytes of a character stand for all of it
  CHECK(text.offsets[2]->begin == 1);
  CHECK(text.offsets[2]->end == 3);
  CHECK(text.offsets[3]->end == 10);  // with the white space on its sides, as Python knows it
  CHECK(text.special == std::vector<uint8_t>{0, 0, 0, 0, 0, 1});
  CHECK(tokenizer->starts_word(35));
  CHECK(!tokenizer->starts_word(100));
  CHECK(tokenizer->unread_keys().empty());
}

// In time that grows with their number: a small file may ask for a million.
TEST_CASE("ByT5 has as many sentinels as its file says") {
  const auto tokenizer = open_byt5({{"extra_ids", 200'000}});
  CHECK(tokenizer->size() == 200'259);
  CHECK(tokenizer->sentinel(199'999) == 200'258);
  CHECK(tokenizer->encode_ids("<extra_id_199999>") == Ids{200'258, 1});
}

TEST_CASE("ByT5 ends a text once, and of two texts that are cut alike the first keeps more") {
  const auto tokenizer = open_byt5(Json::object());
  CHECK(tokenizer->encode_ids("") == Ids{1});
  CHECK(tokenizer->encode_ids("a</s>") == Ids{100, 1});
  CHECK(pair_of(*tokenizer, "a</s>", "b", {}) == Ids{100, 1, 101, 1});
  CHECK(pair_of(*tokenizer, "a</s>", "", {}) == Ids{100, 1, 1});
  CHECK(pair_of(*tokenizer, "abcd", "efgh", 7) == Ids{100, 101, 102, 1, 104, 105, 1});
  CHECK(pair_of(*tokenizer, "ab", "cdefg", 5) == Ids{100, 101, 1, 102, 1});
  EncodeOptions options;
  options.max_length = 4;
  CHECK(tokenizer->encode_ids("abcdef</s>", options) == Ids{100, 101, 102, 1});
  CHECK(tokenizer->encode_ids("ab</s>", options) == Ids{100, 101, 1});
}

TEST_CASE("ByT5 leaves out what is no UTF-8, and sentinels stand apart until transformers 5") {
  const Ids ids = {258, 100, 257, 1, 381, 105, 382, 5, 198};
  const auto tokenizer = open_byt5(Json::object());
  CHECK(tokenizer->decode(ids) == "a</s> <extra_id_122> f <extra_id_123> \x02");
  CHECK(tokenizer->decode(ids, {.skip_special = true}) == "af\x02");
  CHECK(tokenizer->decode(Ids{259, 198}) == "<extra_id_0> ");
  CHECK(open_byt5({{"backend", "custom"}})->decode(ids) ==
        "a</s><extra_id_122>f<extra_id_123>\x02");
  StreamDecoder stream(tokenizer, {.skip_special = true});
  std::string text;
  for (const int32_t id : tokenizer->encode_ids("né😀\xEF\xBF\xBD")) text += stream.push(Ids{id});
  CHECK(text + stream.finish() == "né😀\xEF\xBF\xBD");
}

TEST_CASE("what ByT5's class cannot do is refused by name") {
  const auto refuses = [](const Json& settings, const char* message) {
    CHECK_THROWS_WITH_AS(open_byt5(settings), doctest::Contains(message), Error);
  };
  const auto listed = [](const char* id, const char* content, bool alone) {
    return Json{{"added_tokens_decoder", {{id, {{"content", content}, {"single_word", alone}}}}}};
  };
  refuses(
      listed("259", "<x>", true),
      "added_tokens_decoder: expected single_word false in a folder of ByT5, found true of '<x>'");
  const char* bytes =
      "added_tokens_decoder: expected tokens that are no bytes, with ids that are no";
  refuses(listed("259", "é", false), bytes);
  refuses(listed("50", "<x>", false), bytes);
  refuses({{"eos_token", "a"}}, "eos_token: expected tokens that are no bytes");
  refuses({{"pad_token", nullptr}}, "pad_token: expected a token, found none");
  refuses({{"additional_special_tokens", {"<extra_id_0>"}}},
          "additional_special_tokens: expected 125 of extra_id, as extra_ids says, found 1");
}

Ids nllb(const Json& settings, std::string_view language = {}) {
  TemporaryFolder folder;
  folder.write("tokenizer.json", read_text(folder5("nllb") / "tokenizer.json"));
  Json config = {{"tokenizer_class", "NllbTokenizer"},
                 {"additional_special_tokens", {"eng_Latn", "fra_Latn"}}};
  config.update(settings);
  folder.write("tokenizer_config.json", config.dump());
  return pair_of(*Tokenizer::open(folder.path(), language), "a", "b", {});
}

TEST_CASE("NLLB's language is that of the settings, before a text or behind it") {
  CHECK(nllb(Json::object()) == Ids{242, 7, 41, 2});
  CHECK(nllb({{"src_lang", nullptr}}) == Ids{242, 7, 41, 2});
  CHECK(nllb({{"src_lang", "fra_Latn"}}) == Ids{243, 7, 41, 2});
  CHECK(nllb({{"src_lang", "fra_Latn"}}, "eng_Latn") == Ids{242, 7, 41, 2});
  CHECK(nllb({{"legacy_behaviour", true}}) == Ids{7, 41, 2, 242});
  CHECK(nllb({{"backend", "tokenizers"}, {"legacy_behaviour", true}}) == Ids{7, 41, 2, 242});
  CHECK_THROWS_WITH_AS(nllb({{"src_lang", "xx"}}),
                       doctest::Contains("expected 'xx' among the tokens"), Error);
}

Ids bloom(bool prefix_space) {
  TemporaryFolder folder;
  folder.write("tokenizer.json", read_text(folder5("bloom") / "tokenizer.json"));
  const Json config = {{"tokenizer_class", "BloomTokenizerFast"},
                       {"add_prefix_space", prefix_space}};
  folder.write("tokenizer_config.json", config.dump());
  return Tokenizer::open(folder.path())->encode_ids("a b");
}

TEST_CASE("BLOOM's class puts a space before a text, though other steps come first") {
  CHECK(bloom(false) == Ids{75, 325});
  CHECK(bloom(true) == Ids{329, 325});
}

}  // namespace
}  // namespace locus::tests
