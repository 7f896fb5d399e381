// Tokenizers as transformers 5 writes them, against what it makes of hostile lines, and keys of
// tokenizer_config.json that nobody reads.
#include <doctest/doctest.h>

#include <algorithm>

#include "blocks.hpp"

namespace locus::tests {
namespace {

using Strings = std::vector<std::string>;

std::filesystem::path folder5(const std::string& name) {
  return source_path("tests/goldens/tokenizers5/" + name);
}

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

// A value that a key may have: the class's default, or one of its kind.
Json value_of(const std::string& key, const Json& fallback) {
  if (!fallback.is_null()) return fallback;
  if (key.starts_with("add_") || key == "split_special_tokens") return true;
  if (key.ends_with("_token") || key.ends_with("_lang")) return "a";
  if (key.ends_with("special_tokens")) return Json::array({"a"});
  if (key == "added_tokens_decoder" || key == "sp_model_kwargs") return Json::object();
  if (key == "truncation_side") return "left";
  return key == "tokenizer_class" || key == "backend" ? Json() : Json(true);
}

// Keys that nobody read; none where a line that names the key refuses it.
Strings unread_or_refused(const std::filesystem::path& folder, const std::string& key) {
  try {
    return Tokenizer::open(folder)->unread_keys();
  } catch (const Error& error) {
    const bool named = std::string_view(error.what()).find(": " + key + ": ") != std::string::npos;
    return named ? Strings{} : Strings{error.what()};
  }
}

constexpr std::string_view unknown_classes[] = {
    "BarthezTokenizer",   "BartphoTokenizer",   "BertJapaneseTokenizer", "BertweetTokenizer",
    "ByT5Tokenizer",      "CodeLlamaTokenizer", "CpmTokenizer",          "HerbertTokenizer",
    "NllbTokenizer",      "PhobertTokenizer",   "PythonBackend",         "SentencePieceBackend",
    "TransfoXLTokenizer", "XGLMTokenizer",      "XGLMTokenizerFast"};

// The keys of a group of one class that are neither read, nor known to be harmless, nor refused.
std::string open_keys(const std::string& name, const Json& versions) {
  const Json document = {
      {"added_tokens", Json::array()},
      {"model", {{"type", "WordLevel"}, {"unk_token", "a"}, {"vocab", {{"a", 0}, {"b", 1}}}}}};
  std::string open;
  for (const auto& [version, keys] : versions.items()) {
    for (const auto& [key, fallback] : keys.items()) {
      TemporaryFolder folder;
      folder.write("tokenizer.json", document.dump());
      Json config = {{key, value_of(key, fallback)}};
      if (key != "tokenizer_class") config["tokenizer_class"] = name;
      folder.write("tokenizer_config.json", config.dump());
      for (const std::string& said : unread_or_refused(folder.path(), key)) {
        open += name + " of " + version + ": " + key + ": " + said + "\n";
      }
    }
  }
  return open;
}

TEST_CASE("every key of every tokenizer class of transformers 4.49 and 5 is accounted for") {
  const Json all = Json::parse(read_text(source_path("tests/goldens/config_keys.json")));
  const Json& classes = all.at("tokenizer_config.json");
  std::string open;
  for (const auto& [name, versions] : classes.items()) {
    // Of a class that Locus does not know, each key that it may follow is named.
    const bool known = std::ranges::find(unknown_classes, name) == std::end(unknown_classes);
    if (name != "*" && known) open += open_keys(name, versions) + open_keys(name, classes.at("*"));
  }
  CHECK(classes.size() > 60);
  CHECK(open == "");
}

// A folder of transformers 5 with one key of its tokenizer_config.json changed.
struct ChangedKey {
  TemporaryFolder folder;

  ChangedKey(const std::string& name, const std::string& key, const Json& value) {
    std::filesystem::copy(folder5(name), folder.path(), std::filesystem::copy_options::recursive);
    const auto file = folder.path() / "tokenizer_config.json";
    Json config = Json::parse(read_text(file));
    config[key] = value;
    folder.write("tokenizer_config.json", config.dump());
  }

  Json ids(const std::string& text) const {
    return Tokenizer::open(folder.path())->encode_ids(text);
  }
};

TEST_CASE("keys that a class of transformers 5 makes its parts by are followed") {
  const std::string text = "Hello World, \u00c9COLE \u00e9 \u00fc";
  CHECK(ChangedKey("bert", "do_lower_case", false).ids(text) == Json{2, 1, 1, 7, 1, 46, 1, 3});
  CHECK(ChangedKey("bert", "strip_accents", false).ids(text) ==
        Json{2, 191, 81, 81, 69, 43, 166, 81, 91, 7, 46, 70, 120, 63, 46, 1, 3});
  CHECK(ChangedKey("bert", "tokenize_chinese_chars", false).ids("\u5317\u4eac abc") ==
        Json{2, 1, 162, 70, 3});
  CHECK(ChangedKey("mpnet", "do_lower_case", false).ids(text) == Json{0, 3, 3, 7, 3, 46, 3, 2});
  CHECK(ChangedKey("gpt2", "add_prefix_space", true).ids("a b") == Json{324, 320});
  CHECK(ChangedKey("gpt2-space", "add_prefix_space", false).ids("a b") == Json{75, 320});
  CHECK(ChangedKey("roberta", "add_prefix_space", true).ids("a b") == Json{1, 324, 320, 2});
  CHECK(ChangedKey("mbart", "src_lang", "fr_XX").ids("a b") == Json{7, 41, 2, 248});
  CHECK(ChangedKey("mbart-50", "src_lang", "fr_XX").ids("a b") == Json{248, 7, 41, 2});
  CHECK(ChangedKey("mbart", "eos_token", "b").ids("a") == Json{7, 51, 244});
  CHECK(ChangedKey("mbart-50", "eos_token", "b").ids("a") == Json{244, 7, 51});
  CHECK(ChangedKey("neox", "add_bos_token", true).ids("a b") == Json{75, 320});
  CHECK(ChangedKey("roberta", "mask_token", "c").ids("ab\tcd\nef") ==
        Json{1, 300, 208, 77, 78, 209, 79, 80, 2});
}

TEST_CASE("those that are not followed must be what tokenizer.json says") {
  const auto refused = [](const char* name, const char* key, const Json& value) {
    const ChangedKey changed(name, key, value);
    INFO(std::string(name) << " " << std::string(key));
    CHECK_THROWS_WITH_AS(changed.ids("a"), doctest::Contains(key), Error);
  };
  refused("albert", "do_lower_case", false);
  refused("albert", "keep_accents", true);
  for (const char* name : {"albert", "camembert", "xlm-roberta", "gte", "llama-begin", "phi3"}) {
    refused(name, "add_prefix_space", false);
  }
  refused("llama-not-legacy", "add_prefix_space", true);
  refused("qwen3", "add_prefix_space", true);
  refused("llama-begin", "legacy", true);
  refused("deberta-v2", "do_lower_case", true);
  refused("deberta-v2", "split_by_punct", true);
  refused("xlnet", "do_lower_case", true);
  refused("xlnet", "unk_id", 1);
  refused("camembert", "unk_token", "<other>");
  for (const char* name : {"bert", "distilbert", "mpnet", "roberta", "deberta", "deberta-v2"}) {
    refused(name, "sep_token", "a");
    refused(name, "cls_token", "b");
  }
  refused("xlm-roberta", "bos_token", "a");
  for (const char* name : {"nllb", "t5", "mt5", "pegasus", "camembert"}) {
    refused(name, "eos_token", "b");
  }
  refused("nllb", "src_lang", "en_XX");
  refused("nllb", "legacy_behaviour", true);
}

}  // namespace
}  // namespace locus::tests
