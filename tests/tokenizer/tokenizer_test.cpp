#include <doctest/doctest.h>

#include <thread>

#include "support.hpp"
#include "tokenizer/stream_decoder.hpp"

namespace locus::tests {
namespace {

const EncodeOptions bare{.special = false, .max_length = {}};

std::string text_of(const std::string& text, const std::optional<Span>& span) {
  REQUIRE(span.has_value());
  return text.substr(static_cast<std::size_t>(span->begin),
                     static_cast<std::size_t>(span->end - span->begin));
}

TEST_CASE("offsets cut the words of the text out of it, accents, emoji and all") {
  const auto tokenizer = open_case("bert_base_uncased");
  if (!tokenizer) return;
  const std::string text = "Zürich — CAFÉ, e\u0301t\u0065\u0301 北京";
  const EncodedText encoded = tokenizer->encode(text, bare);
  std::vector<std::string> cut;
  for (const auto& span : encoded.offsets) cut.push_back(text_of(text, span));
  CHECK(cut == std::vector<std::string>{"Zürich", "—", "CAFÉ", ",", "e\u0301t", "e", "北", "京"});
  CHECK(encoded.tokens.front() == "zurich");
}

TEST_CASE("added tokens have no offsets, and only they count as special") {
  const auto tokenizer = open_case("bert_base_uncased");
  if (!tokenizer) return;
  const EncodedText encoded = tokenizer->encode("a [MASK] b");
  CHECK(encoded.tokens == std::vector<std::string>{"[CLS]", "a", "[MASK]", "b", "[SEP]"});
  CHECK(encoded.special == std::vector<uint8_t>{1, 0, 0, 0, 1});
  CHECK_FALSE(encoded.offsets.front().has_value());
  CHECK(encoded.offsets[2] == Span{2, 8});
  CHECK(encoded.sequences == std::vector<int32_t>{-1, 0, 0, 0, -1});
  CHECK(tokenizer->encode("").tokens == std::vector<std::string>{"[CLS]", "[SEP]"});
  CHECK(tokenizer->encode("", bare).ids.empty());
}

TEST_CASE("a word of more than 100 characters is unknown, one of 100 is not") {
  const auto tokenizer = open_case("bert_base_uncased");
  if (!tokenizer) return;
  CHECK(tokenizer->encode(std::string(101, 'a'), bare).tokens == std::vector<std::string>{"[UNK]"});
  CHECK(tokenizer->encode(std::string(100, 'a'), bare).tokens.size() > 1);
}

TEST_CASE("ill-formed UTF-8 is an error with the offset, NUL is a character") {
  const auto tokenizer = open_case("gpt2");
  if (!tokenizer) return;
  for (const std::string bad : {"ab\xff", "ab\xc3", "ab\xe4\xbd", "ab\xed\xa0\x80", "ab\xc0\x80",
                                "ab\xf4\x90\x80\x80", "ab\x80"}) {
    CHECK_THROWS_WITH_AS(tokenizer->encode(bad),
                         doctest::Contains("text: expected UTF-8, found byte 0x"), Error);
    CHECK_THROWS_WITH_AS(tokenizer->encode_ids(bad), doctest::Contains("at offset 2"), Error);
  }
  const std::string with_nul("a\0b", 3);
  CHECK(tokenizer->decode(tokenizer->encode_ids(with_nul)) == with_nul);
}

TEST_CASE("special ids and sentinels are found by their part") {
  const auto bert = open_case("bert_base_uncased"), t5 = open_case("t5_spiece");
  if (!bert || !t5) return;
  CHECK(bert->special_ids().cls == 101);
  CHECK(bert->special_ids().separator == 102);
  CHECK(bert->special_ids().mask == 103);
  CHECK(bert->special_ids().pad == 0);
  CHECK(bert->special_ids().unknown == 100);
  CHECK_FALSE(bert->special_ids().bos.has_value());
  CHECK(t5->special_ids().eos == 1);
  CHECK(t5->sentinel(0) == 32099);
  CHECK(t5->sentinel(99) == 32000);
  CHECK_FALSE(t5->sentinel(100).has_value());
  CHECK(t5->is_special(32099));
  CHECK_FALSE(t5->is_special(100));
}

TEST_CASE(
    "T5 merges white space, counts sentinels down and keeps its size apart from the table's") {
  const auto legacy = open_case("t5_spiece"), later = open_case("t5_spiece_not_legacy");
  if (!legacy || !later) return;
  CHECK(legacy->encode_ids("a  b ") == legacy->encode_ids("a b"));
  CHECK(legacy->size() == 32100);
  CHECK(legacy->decode(std::vector<int32_t>{8774, 32127, 1150}) == "Hello World");
  const auto text = "Hello <extra_id_0>.";
  CHECK(legacy->encode(text, bare).tokens ==
        std::vector<std::string>{"▁Hello", "<extra_id_0>", "▁", "."});
  CHECK(later->encode(text, bare).tokens ==
        std::vector<std::string>{"▁Hello", "<extra_id_0>", "."});
}

TEST_CASE("T5 ids are those that other projects' tests expect") {
  const auto vectors = shared_path("data/peer_vectors.json");
  const auto tokenizer = open_case("t5_spiece");
  if (!vectors || !tokenizer) return;
  const Json document = Json::parse(read_text(*vectors));
  for (const Json& pair : document["t5_tokenizer"]["cases"]) {
    CHECK(Json(tokenizer->encode_ids(pair[0].get<std::string>())) == pair[1]);
  }
}

TEST_CASE("what begins a word: no ##, a space, a mark") {
  const auto bert = open_case("bert_base_uncased"), gpt2 = open_case("gpt2"),
             t5 = open_case("t5_spiece");
  if (!bert || !gpt2 || !t5) return;
  CHECK(bert->starts_word(*bert->id("the")));
  CHECK_FALSE(bert->starts_word(*bert->id("##ing")));
  CHECK(gpt2->starts_word(*gpt2->id("Ġthe")));
  CHECK_FALSE(gpt2->starts_word(*gpt2->id("ing")));
  CHECK(t5->starts_word(*t5->id("▁the")));
  CHECK_FALSE(t5->starts_word(*t5->id("ing")));
  CHECK(bert->starts_word(*bert->special_ids().cls));
}

TEST_CASE("text that a tokenizer loses is told from text that it keeps") {
  const auto bert = open_case("bert_base_uncased"), gpt2 = open_case("gpt2"),
             t5 = open_case("t5_spiece");
  if (!bert || !gpt2 || !t5) return;
  CHECK(gpt2->round_trips(" Ünï  code\n\t漢字 😀 \u0301"));
  CHECK(t5->round_trips("Plain words."));
  CHECK_FALSE(t5->round_trips("two  spaces"));
  CHECK_FALSE(t5->round_trips("漢字"));
  CHECK_FALSE(bert->round_trips("Upper Case"));
  CHECK(bert->round_trips("lower case."));
}

TEST_CASE("text is cut to a maximal length that counts the template's tokens") {
  const auto tokenizer = open_case("bert_base_uncased");
  if (!tokenizer) return;
  const std::string text = "one two three four five";
  const EncodedText cut = tokenizer->encode(text, {.special = true, .max_length = 5});
  CHECK(cut.tokens == std::vector<std::string>{"[CLS]", "one", "two", "three", "[SEP]"});
  CHECK(cut.truncated);
  CHECK(tokenizer->encode_ids(text, {.special = true, .max_length = 5}) == cut.ids);
  CHECK_FALSE(tokenizer->encode(text, {.special = true, .max_length = 7}).truncated);
  CHECK_THROWS_WITH_AS(tokenizer->encode(text, {.special = true, .max_length = 1}),
                       doctest::Contains("max_length: expected at least 2"), Error);
}

TEST_CASE("token and id are inverse, and out of range is an error") {
  const auto tokenizer = open_case("roberta_base_json");
  if (!tokenizer) return;
  CHECK(tokenizer->size() == 50265);
  for (int32_t id = 0; id < tokenizer->size(); ++id)
    REQUIRE(tokenizer->id(tokenizer->token(id)) == id);
  CHECK_FALSE(tokenizer->id("no such token").has_value());
  CHECK_THROWS_WITH_AS(tokenizer->token(50265),
                       doctest::Contains("expected 0 to 50264, found 50265"), Error);
  CHECK_THROWS_AS(tokenizer->token(-1), Error);
  CHECK(tokenizer->kind() == "byte-level BPE");
  CHECK(tokenizer->description() == "byte-level BPE, 50265 tokens");
}

TEST_CASE("one tokenizer serves two threads") {
  const auto tokenizer = open_case("gpt2");
  if (!tokenizer) return;
  const std::string text = read_text(source_path("tests/goldens/tokenizers/lines.jsonl"));
  const std::vector<int32_t> alone = tokenizer->encode_ids(text);
  std::vector<int32_t> results[2];
  std::thread first([&] { results[0] = tokenizer->encode_ids(text); });
  std::thread second([&] { results[1] = tokenizer->encode_ids(text); });
  first.join();
  second.join();
  CHECK(results[0] == alone);
  CHECK(results[1] == alone);
}

TEST_CASE("a converted tokenizer gives the same ids from tokenizer.json alone") {
  const Json cases = golden_cases();
  for (const auto& [name, description] : cases.items()) {
    const std::string reference = description.value("reference", "");
    if (reference == "sentencepiece" || reference == "slow") continue;
    const auto source = case_folder(name);
    if (!source) continue;
    const auto& shown = name;
    INFO(shown);
    const TemporaryFolder target;
    Tokenizer::convert(source->path(), target.path());
    const auto original = Tokenizer::open(source->path()),
               converted = Tokenizer::open(target.path());
    const std::string text = read_text(source_path("tests/goldens/tokenizers/lines.jsonl"));
    const auto ids = original->encode_ids(text);
    CHECK(converted->encode_ids(text) == ids);
    CHECK(converted->decode(ids) == original->decode(ids));
    CHECK(converted->special_ids().eos == original->special_ids().eos);
    CHECK(converted->special_ids().mask == original->special_ids().mask);
    CHECK(converted->size() == original->size());
  }
}

TEST_CASE("a folder that only the SentencePiece library can run is not converted") {
  const auto source = case_folder("sentencepiece_test");
  if (!source) return;
  const TemporaryFolder target;
  CHECK_THROWS_AS(Tokenizer::convert(source->path(), target.path()), Error);
  CHECK(std::filesystem::is_empty(target.path()));
  CHECK(Tokenizer::open(source->path())->kind() == "SentencePiece");
}

}  // namespace
}  // namespace locus::tests
