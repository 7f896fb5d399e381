// Keys of tokenizer_config.json, class by class: each is followed, or reported, or refused.
#include <doctest/doctest.h>

#include <algorithm>

#include "support.hpp"

namespace locus::tests {
namespace {

using Strings = std::vector<std::string>;

// A value that a key may have: the class's default, or one of its kind.
Json value_of(const std::string& key, const Json& fallback) {
  if (!fallback.is_null()) return fallback;
  if (key.starts_with("add_") || key == "split_special_tokens") return true;
  if (key.ends_with("_token") || key.ends_with("_lang")) return "a";
  if (key.ends_with("special_tokens")) return Json::array({"a", "eng_Latn"});
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
    "BarthezTokenizer",   "BartphoTokenizer",     "BertJapaneseTokenizer", "BertweetTokenizer",
    "CodeLlamaTokenizer", "CpmTokenizer",         "HerbertTokenizer",      "PhobertTokenizer",
    "PythonBackend",      "SentencePieceBackend", "TransfoXLTokenizer",    "XGLMTokenizer",
    "XGLMTokenizerFast"};

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

  /// `version_4`: as transformers 4.49 would have written it.
  ChangedKey(const std::string& name, const std::string& key, const Json& value,
             bool version_4 = false) {
    std::filesystem::copy(folder5(name), folder.path(), std::filesystem::copy_options::recursive);
    Json config = read();
    if (version_4) config.erase("backend"), config.erase("extra_special_tokens");
    folder.write("tokenizer_config.json", config.dump());
    set(key, value);
  }

  /// Changes one more.
  void set(const std::string& key, const Json& value) {
    Json config = read();
    config[key] = value;
    folder.write("tokenizer_config.json", config.dump());
  }

  Json read() const { return Json::parse(read_text(folder.path() / "tokenizer_config.json")); }

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
  CHECK(ChangedKey("nllb", "src_lang", "eng_Latn").ids("a") == Json{242, 7, 2});
  CHECK(ChangedKey("nllb", "legacy_behaviour", true).ids("a") == Json{7, 2, 243});
  CHECK(ChangedKey("nllb", "eos_token", "b").ids("b a") == Json{243, 51, 7, 51});
  CHECK(ChangedKey("mbart", "eos_token", "b").ids("a") == Json{7, 51, 244});
  CHECK(ChangedKey("mbart-50", "eos_token", "b").ids("a") == Json{244, 7, 51});
  CHECK(ChangedKey("neox", "add_bos_token", true).ids("a b") == Json{75, 320});
  CHECK(ChangedKey("albert", "additional_special_tokens", {"c"}).ids("  two  spaces ") ==
        Json{2, 142, 5, 12, 50, 24, 22, 18, 12, 3});  // extra_special_tokens takes its place
  CHECK(ChangedKey("roberta", "mask_token", "c").ids("ab\tcd\nef") ==
        Json{1, 300, 208, 77, 78, 209, 79, 80, 2});
}

TEST_CASE(
    "a mask that tokenizer.json does not list is flagged as the class of transformers 5 does") {
  const std::string text = "ab\tcd\nef";  // the mask's left white space goes with it, in some
  CHECK(ChangedKey("nllb", "mask_token", "c").ids(text) == Json{243, 53, 22, 4, 20, 3, 17, 240, 2});
  CHECK(ChangedKey("mbart-50", "mask_token", "c").ids(text) ==
        Json{244, 53, 22, 4, 20, 3, 17, 240, 2});
  CHECK(ChangedKey("mbart", "mask_token", "c").ids(text) == Json{53, 22, 4, 20, 67, 240, 2, 244});
  CHECK(ChangedKey("xlnet", "mask_token", "c").ids("b  c") == Json{46, 25, 4, 3});
  CHECK(ChangedKey("camembert", "mask_token", "c").ids("b  c") == Json{5, 44, 25, 6});
  CHECK(ChangedKey("mpnet", "mask_token", "<new>").ids("a  <new> b") == Json{0, 24, 260, 25, 2});
  CHECK(ChangedKey("nllb", "mask_token", "<new>").ids("a  <new> b") == Json{243, 7, 244, 41, 2});
  CHECK(ChangedKey("deberta", "mask_token", "c").ids("b  c") == Json{6, 76, 267, 77, 7});
}

TEST_CASE("a mask that tokenizer.json does not list is flagged as the class of 4.49 does") {
  const auto ids = [](const char* name, const char* text) {
    return ChangedKey(name, "mask_token", "c", true).ids(text);
  };
  CHECK(ids("deberta", "b  c") == Json{6, 76, 267, 77, 7});
  CHECK(ids("mpnet", "b  c") == Json{0, 25, 26, 2});
  CHECK(ids("mpnet", "COLE") == ChangedKey("mpnet", "mask_token", "<mask>", true).ids("COLE"));
  CHECK(ids("xlm-roberta", "b  c") == Json{0, 41, 22, 2});
  CHECK(ids("mbart-50", "b  c") == Json{244, 41, 22, 2});
  CHECK(ids("nllb", "b  c") == Json{243, 41, 22, 2});
}

TEST_CASE("a class that Locus does not know must list its mask") {
  ChangedKey changed("xlm-roberta", "tokenizer_class", "BarthezTokenizer");
  CHECK_NOTHROW(changed.ids("a"));
  changed.set("mask_token", "c");
  CHECK_THROWS_WITH_AS(changed.ids("a"),
                       doctest::Contains("mask_token: expected a token that tokenizer.json lists, "
                                         "as Locus does not know 'BarthezTokenizer', found 'c'"),
                       Error);
}

TEST_CASE("ESM's split_special_tokens cuts a text at white space alone") {
  const ChangedKey split("esm", "split_special_tokens", true);
  CHECK(split.ids("A<mask> B <pad>x") == Json{0, 3, 25, 3, 2});
  CHECK(split.ids("LAG <mask>") == Json{0, 3, 32, 2});
  CHECK(split.ids(" L <null_1> A") == Json{0, 4, 31, 5, 2});
  CHECK(ChangedKey("esm", "split_special_tokens", false).ids("LAG<mask>") ==
        Json{0, 4, 5, 6, 32, 2});
  Json added = {{"33", {{"content", "J"}, {"special", false}}}};
  ChangedKey other("esm", "added_tokens_decoder", added);
  CHECK(other.ids("LJ") == Json{0, 4, 33, 2});
  other.set("split_special_tokens", true);
  CHECK_THROWS_WITH_AS(other.ids("LJ"), doctest::Contains("split_special_tokens: expected false"),
                       Error);
}

TEST_CASE("RoFormer's class of transformers 5 follows case and accents as BERT's do") {
  const std::string text = "Hello World, \u00c9COLE \u00e9 \u00fc";
  CHECK(ChangedKey("roformer", "do_lower_case", false).ids(text) ==
        Json{2, 1, 1, 7, 1, 1, 46, 1, 3});
  CHECK(ChangedKey("roformer", "strip_accents", false).ids(text) ==
        Json{2, 191, 94, 94, 85, 43, 166, 94, 68, 7, 46, 26, 121, 69, 46, 1, 3});
}

constexpr const char* accents_and_ideographs = "\u00c9COLE \u5317\u4eac abc";

TEST_CASE("BERT's kin of 4.49 follow case, accents and ideographs, whatever tokenizer.json says") {
  for (const char* name :
       {"BertTokenizer", "DistilBertTokenizerFast", "ElectraTokenizer", "ConvBertTokenizerFast",
        "MobileBertTokenizer", "SqueezeBertTokenizer", "LayoutLMTokenizer"}) {
    INFO(std::string(name));
    ChangedKey changed("bert", "tokenizer_class", name, true);
    const auto ids = [&](const char* key, const Json& value, const Json& usual) {
      changed.set(key, value);
      const Json found = changed.ids(accents_and_ideographs);
      changed.set(key, usual);
      return found;
    };
    CHECK(ids("do_lower_case", false, true) == Json{2, 1, 1, 1, 162, 70, 3});
    CHECK(ids("strip_accents", false, nullptr) == Json{2, 46, 70, 120, 63, 1, 1, 162, 70, 3});
    CHECK(ids("tokenize_chinese_chars", false, true) == Json{2, 28, 70, 120, 63, 1, 162, 70, 3});
    CHECK(ids("do_basic_tokenize", false, true) == Json{2, 28, 70, 120, 63, 1, 1, 162, 70, 3});
  }
}

TEST_CASE("MPNet's and RoFormer's classes of 4.49 follow case and accents alone") {
  const auto ids = [](const char* name, const char* key) {
    return ChangedKey(name, key, false, true).ids(accents_and_ideographs);
  };
  CHECK(ids("mpnet", "do_lower_case") == Json{0, 3, 3, 3, 162, 78, 2});
  CHECK(ids("mpnet", "strip_accents") == Json{0, 46, 78, 120, 64, 3, 3, 162, 78, 2});
  CHECK(ids("mpnet", "tokenize_chinese_chars") == Json{0, 28, 78, 120, 64, 3, 3, 162, 78, 2});
  CHECK(ids("roformer", "do_lower_case") == Json{2, 1, 1, 1, 1, 162, 77, 3});
  CHECK(ids("roformer", "strip_accents") == Json{2, 46, 26, 121, 69, 1, 1, 162, 77, 3});
  CHECK(ids("roformer", "tokenize_chinese_chars") == Json{2, 28, 77, 121, 69, 1, 1, 162, 77, 3});
  CHECK(ChangedKey("mpnet", "tokenize_chinese_chars", false).ids(accents_and_ideographs) ==
        Json{0, 28, 78, 120, 64, 3, 162, 78, 2});  // transformers 5
}

// The folder with the list that came before tokenizer.json.
void write_older_list(const ChangedKey& changed) {
  const auto document = changed.folder.path() / "tokenizer.json";
  const Json words = Json::parse(read_text(document)).at("model").at("vocab");
  std::vector<std::string> lines(words.size());
  for (const auto& [word, id] : words.items()) lines.at(id.get<size_t>()) = word + "\n";
  std::string list;
  for (const std::string& line : lines) list += line;
  changed.folder.write("vocab.txt", list);
  std::filesystem::remove(document);
}

TEST_CASE("MPNet's class of 4.49 reads ideographs from vocab.txt as do_basic_tokenize says") {
  const auto ids = [](const char* name, const char* key) {
    const ChangedKey changed(name, key, false, true);
    write_older_list(changed);
    return changed.ids(accents_and_ideographs);
  };
  CHECK(ids("mpnet", "tokenize_chinese_chars") == Json{0, 28, 78, 120, 64, 3, 162, 78, 2});
  CHECK(ids("mpnet", "do_basic_tokenize") == Json{0, 28, 78, 120, 64, 3, 162, 78, 2});
  CHECK(ids("mpnet", "do_lower_case") == Json{0, 3, 3, 3, 162, 78, 2});
  CHECK(ids("bert", "do_basic_tokenize") == Json{2, 28, 70, 120, 63, 1, 1, 162, 70, 3});
  CHECK(ids("roformer", "do_basic_tokenize") == Json{2, 28, 77, 121, 69, 1, 1, 162, 77, 3});
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
  for (const char* name :
       {"bert", "distilbert", "mpnet", "roberta", "deberta", "deberta-v2", "roformer"}) {
    refused(name, "sep_token", "a");
    refused(name, "cls_token", "b");
  }
  refused("xlm-roberta", "bos_token", "a");
  for (const char* name : {"t5", "mt5", "pegasus", "camembert"}) {
    refused(name, "eos_token", "b");
  }
}

}  // namespace
}  // namespace locus::tests
