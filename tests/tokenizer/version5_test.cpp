// Tokenizers as transformers 5 writes them, against what it makes of hostile lines, and keys of
// tokenizer_config.json that nobody reads.
#include <doctest/doctest.h>

#include "blocks.hpp"

namespace locus::tests {
namespace {

using Strings = std::vector<std::string>;

std::filesystem::path folder5(const std::string& name) {
  return source_path("tests/goldens/tokenizers5/" + name);
}

// A class of transformers 5 that is written in Python and has no tokenizer.json.
const Strings refused = {"m2m-100"};

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
    const std::string name = entry.path().filename().string();
    if (std::find(refused.begin(), refused.end(), name) == refused.end()) names.push_back(name);
  }
  return names;
}

TEST_CASE("hostile lines have the ids, offsets and text that transformers 5 gives its own files") {
  Strings texts = golden_texts("lines");
  texts.resize(922);
  const Strings names = names_of_version_5();
  CHECK(names.size() >= 30);
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
    }
  }
}

TEST_CASE("a class of Python without tokenizer.json is refused by name") {
  for (const std::string& name : refused) {
    CHECK_THROWS_WITH_AS(Tokenizer::open(folder5(name)),
                         doctest::Contains("expected a tokenizer class that Locus knows"), Error);
  }
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
  TemporaryFolder folder;
  folder.write("tokenizer.json",
               R"({"added_tokens": [], "model": {"type": "WordLevel", "vocab": {"a": 0}}})");
  folder.write("tokenizer_config.json",
               R"({"tokenizer_class": "CohereTokenizer", "add_bos_token": true})");
  CHECK(Tokenizer::open(folder.path())->unread_keys() == Strings{"add_bos_token"});
}

// A value that a key may have: the class's default, or one of its kind.
Json value_of(const std::string& key, const Json& fallback) {
  if (!fallback.is_null()) return fallback;
  if (key.ends_with("_token") || key.ends_with("_lang")) return "a";
  if (key.ends_with("special_tokens")) return Json::array({"a"});
  if (key == "added_tokens_decoder" || key == "sp_model_kwargs") return Json::object();
  if (key == "truncation_side") return "left";
  return key == "tokenizer_class" || key == "backend" ? Json() : Json(true);
}

TEST_CASE("every key of every tokenizer class of transformers 4.49 and 5 is accounted for") {
  const Json all = Json::parse(read_text(source_path("tests/goldens/config_keys.json")));
  const Json& classes = all.at("tokenizer_config.json");
  const Json document = {
      {"added_tokens", Json::array()},
      {"model", {{"type", "WordLevel"}, {"unk_token", "a"}, {"vocab", {{"a", 0}, {"b", 1}}}}}};
  for (const char* name :
       {"BertTokenizer", "RobertaTokenizer", "GPT2Tokenizer", "GPTNeoXTokenizer", "Qwen2Tokenizer",
        "T5Tokenizer", "AlbertTokenizer", "DebertaV2Tokenizer", "PegasusTokenizer",
        "MarianTokenizer", "LlamaTokenizer", "XLMRobertaTokenizer", "CamembertTokenizer",
        "MBartTokenizer", "MBart50Tokenizer", "RoFormerTokenizer", "PreTrainedTokenizerFast",
        "TokenizersBackend"}) {
    for (const std::string& group : {std::string("*"), std::string(name)}) {
      const Json versions = classes.value(group, Json::object());
      for (const auto& [version, keys] : versions.items()) {
        for (const auto& [key, fallback] : keys.items()) {
          TemporaryFolder folder;
          folder.write("tokenizer.json", document.dump());
          Json config = {{key, value_of(key, fallback)}};
          if (key != "tokenizer_class") config["tokenizer_class"] = name;
          folder.write("tokenizer_config.json", config.dump());
          const std::string shown = std::string(name) + " of " + version + ": " + key;
          INFO(shown);
          try {
            CHECK(Tokenizer::open(folder.path())->unread_keys() == Strings{});
          } catch (const Error& error) {
            MESSAGE(name << ": " << key << ": " << error.what());
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace locus::tests
