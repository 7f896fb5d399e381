// Tokenizers as transformers 5 writes them, against what it makes of hostile lines, and keys of
// tokenizer_config.json that nobody reads.
#include <doctest/doctest.h>

#include <algorithm>

#include "blocks.hpp"

namespace locus::tests {
namespace {

using Strings = std::vector<std::string>;

// Blocks where offsets are known to be other than the reference's or not in order.
struct KnownBlocks {
  std::string name;
  Json layout = Json::array(), disorder = Json::array();
};
const KnownBlocks known_blocks[] = {
    // After characters that were removed at the beginning the reference's offsets drift.
    {.name = "albert", .layout = {8, 9, 26}},
    // Marks that NFC reorders, as in the reference.
    {.name = "deberta-v2", .disorder = {15, 17, 20, 21, 23, 26}}};

KnownBlocks known_of(const std::string& name) {
  for (const KnownBlocks& known : known_blocks) {
    if (known.name == name) return known;
  }
  return {};
}

Strings names_of_version_5() {
  Strings names;
  for (const auto& entry : std::filesystem::directory_iterator(folder5(""))) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

TEST_CASE("hostile lines have the ids, offsets and text that transformers 5 gives its own files") {
  Strings texts = golden_texts("lines");
  texts.resize(922);
  const Strings names = names_of_version_5();
  CHECK(names.size() >= 45);
  for (const std::string& name : names) {
    INFO(name);
    const auto tokenizer = Tokenizer::open(folder5(name));
    const std::vector<Block> blocks = golden_blocks(folder5(name) / "blocks.txt");
    CHECK(blocks.size() == 29);
    const Disagreements found = disagreements(*tokenizer, texts, blocks, 0);
    CHECK(Json(found.ids) == Json::array());
    CHECK(Json(found.layout) == known_of(name).layout);
    CHECK(Json(found.text) == Json::array());
    CHECK(Json(found.sane) == known_of(name).disorder);
    CHECK(tokenizer->unread_keys() == Strings{});
  }
}

TEST_CASE("samples and pairs are those of transformers 5") {
  for (const std::string& name : names_of_version_5()) {
    const auto tokenizer = Tokenizer::open(folder5(name));
    const Json samples = Json::parse(read_text(folder5(name) / "samples.json"));
    for (const Json& text : samples["texts"]) {
      INFO(name << ": " << text["text"]);
      CHECK(Json(tokenizer->encode_ids(text["text"].get<std::string>())) == text["ids"]);
    }
    for (const Json& pair : samples.value("pairs", Json::array())) {
      INFO(name << ": " << pair["first"]);
      EncodeOptions options;
      if (!pair["max_length"].is_null()) options.max_length = pair["max_length"].get<int64_t>();
      const EncodedText encoded = tokenizer->encode_pair(
          pair["first"].get<std::string>(), pair["second"].get<std::string>(), options);
      CHECK(Json(encoded.ids) == pair["ids"]);
      CHECK(Json(encoded.type_ids) == pair.value("type_ids", Json(encoded.type_ids)));
    }
  }
}

constexpr auto word = R"({"model": {"type": "WordLevel", "unk_token": "a", "vocab": {"a": 0}}})";

TEST_CASE("a class of Python without tokenizer.json is refused by name") {
  TemporaryFolder folder;
  folder.write("vocab.json", "{}");
  folder.write("tokenizer_config.json", R"({"tokenizer_class": "StrangeTokenizer"})");
  CHECK_THROWS_WITH_AS(Tokenizer::open(folder.path()),
                       doctest::Contains("expected a tokenizer class that Locus knows"), Error);
}

TEST_CASE("M2M-100 puts the language of a text before it, and refuses one that it does not have") {
  const std::filesystem::path folder = folder5("m2m-100");
  const std::vector<int32_t> english = {260, 4, 3, 17, 75, 36, 58, 4, 225, 176, 232, 20, 3, 2};
  CHECK(Tokenizer::open(folder)->encode_ids("Hello, world!") == english);
  const auto french = Tokenizer::open(folder, "fr");
  CHECK(french->token(french->encode_ids("Hello, world!").front()) == "__fr__");
  const auto target = Tokenizer::open_target(folder);
  CHECK(target->token(target->encode_ids("a").front()) == "__fr__");
  CHECK_THROWS_WITH_AS(Tokenizer::open(folder, "xx"),
                       doctest::Contains("src_lang: expected a token of vocab.json or a language, "
                                         "found '__xx__'"),
                       Error);
}

TEST_CASE("types of tokens go to a model where the version that wrote the folder hands them on") {
  for (const char* name : {"bert", "deberta", "deberta-v2"}) {
    CHECK(Tokenizer::open(folder5(name))->gives_type_ids());
  }
  for (const char* name : {"albert", "xlnet", "olmo2", "distilbert", "roberta", "marian"}) {
    CHECK(!Tokenizer::open(folder5(name))->gives_type_ids());
  }
  const auto of_version_4 = [](const Json& settings) {
    TemporaryFolder folder;
    folder.write("tokenizer.json", word);
    folder.write("tokenizer_config.json", settings.dump());
    return Tokenizer::open(folder.path())->gives_type_ids();
  };
  CHECK(of_version_4({{"tokenizer_class", "AlbertTokenizer"}}));
  CHECK(of_version_4({{"tokenizer_class", "PreTrainedTokenizerFast"}}));
  CHECK(!of_version_4({{"tokenizer_class", "DistilBertTokenizer"}}));
  const Json names = {"input_ids", "attention_mask"};
  CHECK(!of_version_4({{"tokenizer_class", "BertTokenizer"}, {"model_input_names", names}}));
}

// The folder of BERT's class with a vocabulary of letters and one more setting.
std::shared_ptr<const Tokenizer> open_bert(const Json& settings) {
  TemporaryFolder folder;
  folder.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nred\nend\n");
  Json config = {{"tokenizer_class", "BertTokenizer"}};
  config.update(settings);
  folder.write("tokenizer_config.json", config.dump());
  return Tokenizer::open(folder.path());
}

TEST_CASE("extra_special_tokens are tokens, as a list and by names, in the order of the file") {
  const std::vector<int32_t> ids = {2, 5, 7, 6, 8, 3};
  const std::string text = "red <Z> end <A>";
  CHECK(open_bert({{"extra_special_tokens", {"<Z>", "<A>"}}})->encode_ids(text) == ids);
  TemporaryFolder folder;
  folder.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nred\nend\n");
  folder.write("tokenizer_config.json",
               R"({"tokenizer_class": "BertTokenizer",
                   "extra_special_tokens": {"z_token": "<Z>", "a_token": {"content": "<A>"}}})");
  const auto tokenizer = Tokenizer::open(folder.path());
  CHECK(tokenizer->encode_ids(text) == ids);
  CHECK(tokenizer->is_special(8));
  CHECK_THROWS_WITH_AS(open_bert({{"extra_special_tokens", 7}}),
                       doctest::Contains("extra_special_tokens: expected a list of tokens"), Error);
}

TEST_CASE("a key of tokenizer_config.json that nobody reads is reported") {
  CHECK(open_bert({{"do_lower_case", false}, {"model_max_length", 512}})->unread_keys() ==
        Strings{});
  CHECK(open_bert({{"strange", 1}, {"another", "x"}, {"nothing", nullptr}})->unread_keys() ==
        Strings{"another", "strange"});
  CHECK(open_bert({{"add_bos_token", false}, {"add_eos_token", true}})->unread_keys() ==
        Strings{"add_eos_token"});
  TemporaryFolder folder;
  folder.write("tokenizer.json", word);
  folder.write("tokenizer_config.json",
               R"({"tokenizer_class": "CohereTokenizer", "add_bos_token": true})");
  CHECK(Tokenizer::open(folder.path())->unread_keys() == Strings{"add_bos_token"});
}

TEST_CASE("a key that only Python can give is refused") {
  CHECK_THROWS_WITH_AS(open_bert({{"tokenizer_object", "x"}}),
                       doctest::Contains("tokenizer_object: expected no such key"), Error);
  CHECK(open_bert({{"vocab", Json::array({"a"})}})->unread_keys() == Strings{"vocab"});
}

// A folder of byte-level BPE with so many tokens as only Mistral's vocabulary has.
struct MistralFolder : TemporaryFolder {
  explicit MistralFolder(const Json& pre_tokenizer) {
    Json document = Json::parse(read_text(folder5("gpt2") / "tokenizer.json"));
    Json& vocabulary = document["model"]["vocab"];
    while (vocabulary.size() <= 100000) {
      vocabulary["filler" + std::to_string(vocabulary.size())] = vocabulary.size();
    }
    document["pre_tokenizer"] = pre_tokenizer;
    write("tokenizer.json", document.dump());
    write("tokenizer_config.json",
          R"({"tokenizer_class": "PreTrainedTokenizerFast", "fix_mistral_regex": true})");
  }
  std::vector<int32_t> ids(const Json& config) const {
    write("config.json", config.dump());
    return Tokenizer::open(path())->encode_ids("HelloWorld 1234  it's");
  }
};

TEST_CASE("Gemma's begin and end tokens are those that its config says, where version 4 wrote it") {
  TemporaryFolder folder;
  folder.write("tokenizer.json", read_text(folder5("gemma") / "tokenizer.json"));
  const auto ids = [&](Json config) {
    config["tokenizer_class"] = "GemmaTokenizer";
    folder.write("tokenizer_config.json", config.dump());
    const auto tokenizer = Tokenizer::open(folder.path());
    CHECK(tokenizer->unread_keys() == Strings{});
    return tokenizer->encode_pair("a", "b", {}).ids;
  };
  CHECK(ids(Json::object()) == std::vector<int32_t>{420, 361, 420, 381});
  CHECK(ids({{"add_bos_token", false}}) == std::vector<int32_t>{361, 381});
  CHECK(ids({{"add_eos_token", true}}) == std::vector<int32_t>{420, 361, 421, 420, 381, 421});
  CHECK(ids({{"add_bos_token", false}, {"add_eos_token", true}}) ==
        std::vector<int32_t>{361, 421, 381, 421});
}

TEST_CASE("fix_mistral_regex cuts as Mistral's own tokenizer where transformers 5 does") {
  const std::vector<int32_t> as_is = {50,  79, 86, 86, 89, 65,  89, 92, 86, 78,
                                      231, 27, 28, 29, 30, 267, 83, 94, 17, 93},
                             mended = {50,  79, 86, 86, 89, 65,  89,  92, 86, 78,
                                       231, 27, 28, 29, 30, 231, 326, 94, 17, 93};
  Json bytes = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
  bytes["trim_offsets"] = true;
  const Json lines = {{"type", "Split"},
                      {"pattern", {{"Regex", "\\S+|\\s+"}}},
                      {"behavior", "Isolated"},
                      {"invert", false}};
  const MistralFolder folder({{"type", "Sequence"}, {"pretokenizers", {lines, bytes}}});
  CHECK(folder.ids(Json{{"model_type", "mistral"}}) == mended);
  CHECK(folder.ids({{"model_type", "mistral3"}, {"transformers_version", "5.0.0.dev0"}}) == mended);
  CHECK(folder.ids({{"model_type", "mistral"}, {"transformers_version", "5.0.0"}}) == as_is);
  CHECK(folder.ids({{"model_type", "llama"}, {"transformers_version", "4.56.0"}}) == as_is);
  CHECK(MistralFolder(bytes).ids(Json{{"model_type", "mistral"}}) == mended);
}

TEST_CASE("tokens of one's own stand beside those of a class") {
  TemporaryFolder folder;
  folder.write("tokenizer.json",
               R"({"added_tokens": [], "model": {"type": "WordLevel", "unk_token": "a",
                   "vocab": {"a": 0, "<s>": 1, "</s>": 2, "<pad>": 3, "<unk>": 4, "<mask>": 5}}})");
  folder.write("tokenizer_config.json", R"({"tokenizer_class": "CamembertTokenizer",
                                            "extra_special_tokens": {"z_token": "<Z>"}})");
  CHECK(Tokenizer::open(folder.path())->encode_ids("<s>NOTUSED<Z>") == std::vector<int32_t>{6, 9});
}

}  // namespace
}  // namespace locus::tests
