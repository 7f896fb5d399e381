#include <doctest/doctest.h>

#include "support.hpp"

namespace locus::tests {
namespace {

Json word_piece_document() {
  return Json::parse(R"({
    "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"},
    "post_processor": null, "decoder": null,
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
              "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "ab": 1, "##c": 2}}})");
}

Json byte_pair_document() {
  return Json::parse(R"({
    "added_tokens": [], "normalizer": null, "pre_tokenizer": null, "post_processor": null,
    "decoder": null,
    "model": {"type": "BPE", "unk_token": null, "vocab": {"a": 0, "b": 1, "ab": 2},
              "merges": [["a", "b"]]}})");
}

std::string error_of_document(const Json& document) {
  TemporaryFolder folder;
  folder.write("tokenizer.json", document.dump());
  return error_of(folder);
}

std::string error_with(const std::string& pointer, const Json& value) {
  Json document = word_piece_document();
  document[Json::json_pointer(pointer)] = value;
  return error_of_document(document);
}

TEST_CASE("a folder without a tokenizer and a folder that is not there are said to be so") {
  TemporaryFolder folder;
  check_contains(error_of(folder), "tokenizer.json");
  check_contains(error_of(folder), "found none of them");
  CHECK_THROWS_WITH_AS(Tokenizer::open(folder.path() / "nowhere"),
                       doctest::Contains("found nothing"), Error);
}

TEST_CASE("files that a folder's class does not read are named, and that another may be named") {
  TemporaryFolder folder;
  folder.write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\nC\n");
  folder.write("config.json", R"({"model_type": "albert"})");
  check_contains(error_of(folder),
                 "expected tokenizer.json, the files that AlbertTokenizer reads, or another "
                 "'tokenizer_class' in tokenizer_config.json, found vocab.txt");
  folder.write("tokenizer_config.json",
               R"({"tokenizer_class": "BertTokenizer", "do_lower_case": false})");
  CHECK(Tokenizer::open(folder.path())->encode("C").ids == std::vector<int32_t>{1, 5, 2});
}

TEST_CASE(
    "a tokenizer.json that is truncated, empty or no object names the file and what is wrong") {
  const std::string whole = word_piece_document().dump();
  for (const std::size_t size :
       {whole.size() - 1, whole.size() / 2, std::size_t{1}, std::size_t{0}}) {
    TemporaryFolder folder;
    folder.write("tokenizer.json", whole.substr(0, size));
    check_contains(error_of(folder), "tokenizer.json: expected ");
  }
  TemporaryFolder array;
  array.write("tokenizer.json", "[1, 2]");
  check_contains(error_of(array), "expected a JSON object, found an array of 2");
}

TEST_CASE("an unknown component is named") {
  check_contains(error_with("/normalizer", {{"type", "Nmt2"}}),
                 "normalizer: expected a type that Locus knows, found 'Nmt2'");
  check_contains(error_with("/pre_tokenizer", {{"type", "Jieba"}}), "'Jieba'");
  check_contains(error_with("/post_processor", {{"type", "Magic"}}), "'Magic'");
  check_contains(error_with("/decoder", {{"type", "CTC"}}), "'CTC'");
  check_contains(error_with("/model/type", "Transducer"), "'Transducer'");
  check_contains(error_with("/pre_tokenizer", {{"type", "Split"},
                                               {"pattern", {{"Regex", "\\p{Hann}+"}}},
                                               {"behavior", "Isolated"},
                                               {"invert", false}}),
                 "\\p{Hann}");
}

TEST_CASE("components with missing or mistyped parts are refused") {
  check_contains(error_with("/model", nullptr), "model: expected an object, found null");
  check_contains(error_with("/model/vocab", "text"), "vocab: expected an object");
  check_contains(error_with("/model/vocab", Json::object()), "found none");
  check_contains(error_with("/model/vocab/ab", -1), "'ab': expected an id, found -1");
  check_contains(error_with("/model/vocab/ab", "one"), "found 'one'");
  check_contains(error_with("/model/vocab/ab", 2000000000), "'ab': expected an id from 0 to");
  check_contains(error_with("/normalizer", {{"type", "Replace"}, {"content", ""}}), "pattern");
  check_contains(
      error_with("/normalizer", {{"type", "Precompiled"}, {"precompiled_charsmap", "AAAA"}}),
      "precompiled_charsmap: expected a trie");
  check_contains(
      error_with("/normalizer", {{"type", "Precompiled"}, {"precompiled_charsmap", "%"}}),
      "base64: expected a digit, found '%'");
  check_contains(error_with("/added_tokens", {{{"content", "x"}}}),
                 "added token 'x': expected an id");
  check_contains(error_with("/added_tokens", 7), "added_tokens: expected an array, found 7");
}

TEST_CASE("merges that name tokens outside the vocabulary are refused by number") {
  Json document = byte_pair_document();
  document["model"]["merges"] = Json::parse(R"([["a", "b"], ["b", "a"]])");
  check_contains(error_of_document(document),
                 "merge 2 ('b' 'a'): expected tokens of the vocabulary, found 'ba'");
  document["model"]["merges"] = Json::parse(R"(["a b c"])");
  check_contains(error_of_document(document), "merge 1: expected two tokens");
  document["model"]["merges"] = Json::parse(R"(["a b"])");
  CHECK(error_of_document(document).empty());
}

TEST_CASE("GPT-2 files that are cut or malformed are refused") {
  TemporaryFolder folder;
  folder.write("vocab.json", std::string(R"({"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3})"));
  check_contains(error_of(folder), "merges.txt");
  folder.write("merges.txt", "#version: 0.2\na b\nab\n");
  check_contains(error_of(folder), "merges.txt, line 3: expected two tokens, found 'ab'");
  folder.write("merges.txt", "\xff heading\na b\n");
  check_contains(error_of(folder), "merges.txt: expected UTF-8, found byte 0xff at offset 0");
  folder.write("merges.txt", "#version: 0.2\na b\n");
  CHECK(Tokenizer::open(folder.path())->encode_ids("ab") == std::vector<int32_t>{2});
  folder.write("vocab.json", std::string(R"({"a": 0, "b")"));
  check_contains(error_of(folder), "vocab.json: expected JSON, found parse error at line 1");
}

TEST_CASE("SentencePiece files that are cut or are something else are refused") {
  const auto source = shared_path("data/tokenizers/t5/spiece.model");
  if (!source) return;
  const std::string whole = read_text(*source);
  TemporaryFolder folder;
  folder.write("config.json", Json{{"model_type", "t5"}}.dump());
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, whole.size() / 2 + 1}) {
    folder.write("spiece.model", whole.substr(0, size));
    check_contains(error_of(folder), "spiece.model");
  }
  TemporaryFolder plain;
  plain.write("tokenizer.model", "not a model at all");
  check_contains(error_of(plain), "SentencePiece model: expected Protocol Buffers");
}

TEST_CASE("a llama2.c tokenizer that is cut is refused with the byte") {
  const auto source = shared_path("data/models/stories260K/tok512.bin");
  if (!source) return;
  TemporaryFolder folder;
  folder.write("tok512.bin", read_text(*source).substr(0, 6000));
  check_contains(error_of(folder), "tok512.bin, byte ");
}

TEST_CASE("of equal lines of vocab.txt the last one counts, as in the reference") {
  TemporaryFolder folder;
  folder.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nword\nother\nword\n");
  const auto tokenizer = Tokenizer::open(folder.path());
  CHECK(tokenizer->encode_ids("word other", {.special = false, .max_length = {}}) ==
        std::vector<int32_t>{7, 6});
  CHECK(tokenizer->token(5).empty());
  CHECK(tokenizer->size() == 8);
}

TEST_CASE("a vocabulary without [UNK] works until a word is unknown") {
  TemporaryFolder folder;
  Json document = word_piece_document();
  document["model"]["vocab"] = {{"ab", 1}, {"##c", 2}};
  folder.write("tokenizer.json", document.dump());
  const auto tokenizer = Tokenizer::open(folder.path());
  CHECK(tokenizer->encode_ids("abc") == std::vector<int32_t>{1, 2});
  CHECK_THROWS_WITH_AS(tokenizer->encode_ids("x"), doctest::Contains("'[UNK]'"), Error);
}

TEST_CASE("an unknown class or model type is named where its files cannot be read without it") {
  TemporaryFolder folder;
  folder.write("vocab.txt", "[UNK]\n");
  folder.write("tokenizer_config.json", Json{{"tokenizer_class", "FancyTokenizer"}}.dump());
  check_contains(error_of(folder), "'FancyTokenizer'");
  TemporaryFolder model;
  const auto source = shared_path("data/tokenizers/sentencepiece_tests/test_model.model");
  if (!source) return;
  model.write("spiece.model", read_text(*source));
  model.write("config.json", Json{{"model_type", "fancy"}}.dump());
  check_contains(error_of(model), "'fancy'");
}

TEST_CASE("what a BPE model cannot be run with is refused") {
  Json document = byte_pair_document();
  document["model"]["dropout"] = 0.1;
  check_contains(error_of_document(document), "BPE.dropout: expected none, found 0.1");
  document["model"]["dropout"] = nullptr;
  document["model"]["continuing_subword_prefix"] = "##";
  check_contains(error_of_document(document),
                 "merge 1 ('a' 'b'): expected a second token that begins with '##'");
  document["model"]["byte_fallback"] = true;
  check_contains(error_of_document(document), "BPE.continuing_subword_prefix: expected none");
}

TEST_CASE("pieces of words may have a mark in front or at their end") {
  Json document = byte_pair_document();
  document["model"]["end_of_word_suffix"] = "</w>";
  document["model"]["unk_token"] = "?";
  document["model"]["vocab"] = {{"a", 0}, {"b</w>", 1}, {"ab</w>", 2}, {"a</w>", 3}, {"?", 4}};
  document["model"]["merges"] = Json::parse(R"([["a", "b</w>"]])");
  document["pre_tokenizer"] = {{"type", "WhitespaceSplit"}};
  document["decoder"] = {{"type", "BPEDecoder"}, {"suffix", "</w>"}};
  TemporaryFolder folder;
  folder.write("tokenizer.json", document.dump());
  const auto tokenizer = Tokenizer::open(folder.path());
  CHECK(tokenizer->encode_ids("ab a aab ba") == std::vector<int32_t>{2, 3, 0, 2, 4, 3});
  CHECK(tokenizer->decode(std::vector<int32_t>{2, 3, 0, 2}) == "ab a aab");
  CHECK(tokenizer->ends_word(2));
  CHECK_FALSE(tokenizer->ends_word(0));
}

TEST_CASE("texts are cut on the side that the files say, and an unknown side is named") {
  Json document = word_piece_document();
  document["truncation"] = {
      {"direction", "Left"}, {"max_length", 1}, {"strategy", "LongestFirst"}, {"stride", 0}};
  TemporaryFolder folder;
  folder.write("tokenizer.json", document.dump());
  const auto tokenizer = Tokenizer::open(folder.path());
  const EncodeOptions one{.special = true, .max_length = 1};
  CHECK(tokenizer->encode_ids("abc ab", one) == std::vector<int32_t>{1});
  CHECK(tokenizer->encode_ids("ab abc", one) == std::vector<int32_t>{2});
  CHECK(tokenizer->encode("ab abc", one).offsets.front() == Span{5, 6});
  CHECK(tokenizer->encode_ids("ab abc").size() == 3);
  folder.write("tokenizer_config.json", Json{{"truncation_side", "middle"}}.dump());
  check_contains(error_of(folder), "truncation_side: expected left or right, found middle");
  document["truncation"]["direction"] = "Up";
  check_contains(error_of_document(document), "truncation.direction");
}

TEST_CASE("counts of tokens that no vocabulary has are refused before they are made") {
  const auto source = source_path("tests/goldens/tokenizers/files/pegasus.model");
  for (const char* type : {"t5", "pegasus"}) {
    TemporaryFolder folder;
    folder.write("spiece.model", read_text(source));
    folder.write("config.json", Json{{"model_type", type}}.dump());
    folder.write("tokenizer_config.json",
                 Json{{"extra_ids", 1000000000}, {"offset", 1000000000}}.dump());
    check_contains(error_of(folder), "expected 0 to 1000000, found 1000000000");
  }
}

TEST_CASE("mBART's language has to be one of the vocabulary's") {
  TemporaryFolder folder;
  folder.write("sentencepiece.bpe.model",
               read_text(source_path("tests/goldens/tokenizers/files/unigram.model")));
  folder.write("config.json", Json{{"model_type", "mbart"}}.dump());
  folder.write("tokenizer_config.json", Json{{"src_lang", "tlh"}}.dump());
  check_contains(error_of(folder), "template: expected 'tlh' among the tokens, found none");
}

TEST_CASE("Marian's folder needs both models and its own special tokens") {
  const auto file = [](const std::string& name) {
    return read_text(source_path("tests/goldens/tokenizers/files/" + name));
  };
  TemporaryFolder folder;
  folder.write("config.json", Json{{"model_type", "marian"}}.dump());
  folder.write("source.spm", file("marian_source.model"));
  check_contains(error_of(folder), "vocab.json");
  folder.write("vocab.json", Json{{"<unk>", 0}, {"</s>", 1}}.dump());
  check_contains(error_of(folder), "vocab.json: expected '<pad>' (pad_token), found none");
  folder.write("vocab.json", file("marian_vocab.json"));
  check_contains(error_of(folder), "target.spm: expected a readable file");
  folder.write("target.spm", file("marian_target.model"));
  CHECK(error_of(folder).empty());
  folder.write("tokenizer_config.json", Json{{"separate_vocabs", true}}.dump());
  check_contains(error_of(folder), "target_vocab.json");
  folder.write("target_vocab.json", Json{{"<unk>", 0}, {"</s>", 1}, {"<pad>", 2}}.dump());
  check_contains(error_of(folder), "target_vocab.json: expected '</s>' as id 0, found 1");
}

}  // namespace
}  // namespace locus::tests
