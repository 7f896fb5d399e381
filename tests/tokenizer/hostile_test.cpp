// Files of strangers: each is refused in one line, or opened in time and memory that grow with it.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <csignal>
#include <ctime>

#include "support.hpp"

namespace locus::tests {
namespace {

Json letters_document() {
  Json vocabulary;
  for (char c = 'a'; c <= 'z'; ++c) vocabulary[std::string(1, c)] = c - 'a';
  return {{"added_tokens", Json::array()},
          {"normalizer", nullptr},
          {"pre_tokenizer", nullptr},
          {"post_processor", nullptr},
          {"decoder", nullptr},
          {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", Json::array()}}}};
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// {"type": "Sequence", KEY: [{"type": "Sequence", KEY: [ ... INNERMOST ... ]}]}
std::string nested_sequences(const std::string& key, int depth, const std::string& innermost) {
  std::string text;  // in time that grows with the depth
  for (int i = 0; i < depth; ++i) text += R"({"type": "Sequence", ")" + key + "\": [";
  text += innermost;
  for (int i = 0; i < depth; ++i) text += "]}";
  return text;
}

double seconds_of(const std::function<void()>& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST_CASE("lists inside lists are refused at one depth in every file of a tokenizer") {
  for (const char* file : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
                           "added_tokens.json", "config.json"}) {
    TemporaryFolder folder;
    folder.write("tokenizer.json", letters_document().dump());
    folder.write(file, "{\"additional_special_tokens\": " + nested(150000) + "}");
    INFO(file);
    CHECK(error_of(folder) ==
          (folder / file).string() + ": expected JSON of at most 64 levels, found more");
  }
}

TEST_CASE("Sequences inside Sequences are refused in every component") {
  struct Part {
    const char *component, *key, *innermost;
  };
  for (const auto& [component, key, innermost] :
       {Part{"normalizer", "normalizers", R"({"type": "NFC"})"},
        Part{"pre_tokenizer", "pretokenizers", R"({"type": "WhitespaceSplit"})"},
        Part{"decoder", "decoders", R"({"type": "Fuse"})"},
        Part{"post_processor", "processors", R"({"type": "ByteLevel"})"}}) {
    for (const int depth : {20, 50000}) {
      TemporaryFolder folder;
      std::string text = letters_document().dump();
      const std::string empty = "\"" + std::string(component) + "\":null";
      text.replace(text.find(empty), empty.size(),
                   "\"" + std::string(component) + "\":" + nested_sequences(key, depth, innermost));
      folder.write("tokenizer.json", text);
      const std::string shown = std::string(component) + " of depth " + std::to_string(depth);
      INFO(shown);
      CHECK((error_of(folder).find("64 levels") != std::string::npos) == (depth > 20));
    }
  }
}

TEST_CASE("normalizers and decoders that double a text end as an Error, not as gigabytes") {
  Json document = letters_document();
  Json steps = Json::array();
  for (int i = 0; i < 40; ++i) {
    steps.push_back({{"type", "Replace"}, {"pattern", {{"String", "a"}}}, {"content", "aa"}});
  }
  document["normalizer"] = {{"type", "Sequence"}, {"normalizers", steps}};
  document["decoder"] = {{"type", "Sequence"}, {"decoders", steps}};
  TemporaryFolder folder;
  folder.write("tokenizer.json", document.dump());
  const auto tokenizer = Tokenizer::open(folder.path());
  CHECK_THROWS_WITH_AS(tokenizer->encode("a"),
                       "normalized text: expected at most 65600 bytes, found more", Error);
  CHECK(tokenizer->encode_ids("bcd") == std::vector<int32_t>{1, 2, 3});
  CHECK_THROWS_WITH_AS(tokenizer->decode(std::vector<int32_t>{0}),
                       doctest::Contains("decoded text: expected at most"), Error);
}

TEST_CASE("a pattern that matches between characters is refused where the reference counts it") {
  const Json replace{{"type", "Replace"}, {"pattern", {{"Regex", "(?=b)"}}}, {"content", "a"}};
  Json split = replace;
  split["type"] = "Split";
  split["invert"] = false;
  split["behavior"] = "Contiguous";
  for (const char* part : {"normalizer", "pre_tokenizer"}) {
    Json document = letters_document();
    document[part] = part == std::string("normalizer") ? replace : split;
    TemporaryFolder folder;
    folder.write("tokenizer.json", document.dump());
    const auto tokenizer = Tokenizer::open(folder.path());
    CHECK_THROWS_WITH_AS(
        tokenizer->encode("abc"),
        doctest::Contains(": expected a pattern that matches characters, found a match of none"),
        Error);
    CHECK(tokenizer->encode_ids("acd") == std::vector<int32_t>{0, 2, 3});
  }
  Json document = letters_document();
  document["decoder"] = replace;
  TemporaryFolder folder;
  folder.write("tokenizer.json", document.dump());
  CHECK_THROWS_AS(Tokenizer::open(folder.path())->decode(std::vector<int32_t>{1}), Error);
}

TEST_CASE("50,000 added tokens open in time that grows with their number") {
  Json document = letters_document();
  Json config = {{"additional_special_tokens", Json::array()}, {"added_tokens_decoder", {}}};
  for (int i = 0; i < 50000; ++i) {
    const std::string content = "<added " + std::to_string(i) + ">";
    const Json token = {{"id", 26 + i},         {"content", content}, {"single_word", false},
                        {"lstrip", false},      {"rstrip", false},    {"normalized", i % 2 == 1},
                        {"special", i % 3 == 0}};
    document["added_tokens"].push_back(token);
    config["additional_special_tokens"].push_back(content);
    config["added_tokens_decoder"][std::to_string(26 + i)] = token;
  }
  TemporaryFolder folder;
  folder.write("tokenizer.json", document.dump());
  folder.write("tokenizer_config.json", config.dump());
  std::shared_ptr<const Tokenizer> tokenizer;
  CHECK(seconds_of([&] { tokenizer = Tokenizer::open(folder.path()); }) < 10);
  CHECK(tokenizer->size() == 50026);
  CHECK(tokenizer->encode_ids("a<added 49999>b") == std::vector<int32_t>{0, 50025, 1});
}

TEST_CASE("a piece of 200,000 letters costs a text nothing") {
  const std::string piece(200000, 'a');
  TemporaryFolder folder;
  folder.write("vocab.txt",
               "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\na\n##a\n##" + piece + "\n" + piece);
  const auto tokenizer = Tokenizer::open(folder.path());
  std::string text = "aa " + piece;
  for (int i = 0; i < 2000; ++i) text += " " + std::string(99, 'a');
  std::vector<int32_t> ids;
  CHECK(seconds_of(
            [&] { ids = tokenizer->encode_ids(text, {.special = false, .max_length = {}}); }) < 10);
  CHECK(ids.size() == 2 + 1 + 2000 * 99);
  CHECK(ids[2] == 0);
}

TEST_CASE("lengths without a sensible bound are refused by key") {
  Json document = letters_document();
  document["model"] = {{"type", "WordPiece"},
                       {"unk_token", "[UNK]"},
                       {"continuing_subword_prefix", "##"},
                       {"max_input_chars_per_word", 1000000},
                       {"vocab", {{"[UNK]", 0}}}};
  TemporaryFolder folder;
  folder.write("tokenizer.json", document.dump());
  CHECK(error_of(folder) == folder.path().string() +
                                ": max_input_chars_per_word: expected at most 4096, found 1000000");
  document["model"] = {{"type", "Unigram"},
                       {"vocab", Json::array({Json::array({std::string(5000, 'a'), -1.0})})}};
  folder.write("tokenizer.json", document.dump());
  CHECK(error_of(folder) ==
        folder.path().string() + ": vocab[0]: expected a piece of at most 4096 bytes, found 5000");
}

TEST_CASE("what a file system refuses is an Error that names the path") {
  const std::string name(5000, 'n');
  CHECK_THROWS_AS(Tokenizer::open(name), Error);
  CHECK_THROWS_AS(Tokenizer::open_target(name), Error);
  CHECK_THROWS_AS(Tokenizer::convert(name, name), Error);
  TemporaryFolder folder;
  folder.write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\na");
  std::filesystem::create_symlink("tokenizer.json", folder / "tokenizer.json");
  CHECK_THROWS_AS(Tokenizer::open(folder.path()), Error);
  CHECK_THROWS_AS(Tokenizer::convert(folder.path(), folder.path()), Error);
}

// No file of this process may grow past so many bytes, as on a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_CASE("a conversion onto a full disk leaves nothing behind") {
  TemporaryFolder source, target;
  source.write("tokenizer.json", letters_document().dump());
  for (const rlim_t bytes : {0, 100}) {
    std::string message;
    {
      const FullDisk full(bytes);
      message = target.message([&] { Tokenizer::convert(source.path(), target.path()); });
    }
    INFO(bytes << ": " << message);
    CHECK(message.find("expected a file that can be written") != std::string::npos);
    CHECK(target.names().empty());
  }
  Tokenizer::convert(source.path(), target.path());
  CHECK(target.names() == std::vector<std::string>{"tokenizer.json", "tokenizer_config.json"});
}

TEST_CASE("a name with control characters is shown, not obeyed") {
  TemporaryFolder folder;
  Json document = letters_document();
  document["normalizer"] = {{"type", "NFC\nlocus: done\x1b[31m"}};
  folder.write("tokenizer.json", document.dump());
  CHECK(error_of(folder) == folder.path().string() +
                                ": normalizer: expected a type that Locus knows, found "
                                "'NFC\\nlocus: done\\x1b[31m'");
}

Json template_of(const std::vector<Json>& single, const std::vector<int64_t>& ids) {
  return {{"type", "TemplateProcessing"},
          {"single", single},
          {"pair", Json::array()},
          {"special_tokens", {{"x", {{"id", "x"}, {"ids", ids}, {"tokens", {"x"}}}}}}};
}

TEST_CASE("a template names texts that are there, and adds tokens within a limit") {
  const Json special = {{"SpecialToken", {{"id", "x"}, {"type_id", 0}}}};
  const auto sequence = [](const char* name) {
    return Json{{"Sequence", {{"id", name}, {"type_id", 0}}}};
  };
  const auto error = [](const Json& post_processor) {
    const TemporaryFolder folder;
    Json document = letters_document();
    document["post_processor"] = post_processor;
    folder.write("tokenizer.json", document.dump());
    const std::string message = error_of(folder);
    return message.substr(std::min(message.size(), folder.path().string().size()));
  };
  CHECK(error(template_of({sequence("A"), special}, {1, 2})) == "");
  CHECK(error(template_of(Json::array({sequence("B")}), {1})) ==
        ": template 'single': expected the texts that it is for, each at most 4 times, found a "
        "second one");
  CHECK(error(template_of(std::vector<Json>(100000, sequence("A")), {1})) ==
        ": template: expected at most 256 tokens, found more");
  CHECK(error(template_of(std::vector<Json>(5, sequence("A")), {1})) ==
        ": template 'single': expected the texts that it is for, each at most 4 times, found more");
  CHECK(error(template_of(std::vector<Json>(1000, special), std::vector<int64_t>(1000, 1))) ==
        ": template: expected at most 256 tokens, found more");
  for (const int64_t id : {int64_t{-1}, int64_t{1} << 31, INT64_MAX, INT64_MIN}) {
    CHECK(error(template_of(Json::array({special}), Json::array({id}))) ==
          ": special token 'x': expected an id, found " + std::to_string(id));
  }
}

TEST_CASE("a component has a limited number of steps, however they are nested") {
  const Json step = {{"type", "Split"},
                     {"pattern", {{"Regex", "."}}},
                     {"behavior", "Isolated"},
                     {"invert", false}};
  const auto sequence = [](const Json& parts) {
    return Json{{"type", "Sequence"}, {"pretokenizers", parts}};
  };
  for (const size_t count : {size_t{64}, size_t{65}}) {
    const TemporaryFolder folder;
    Json document = letters_document();
    document["pre_tokenizer"] = sequence({sequence(Json(count - 1, step)), step});
    folder.write("tokenizer.json", document.dump());
    CHECK(error_of(folder).ends_with("pre_tokenizer: expected at most 64 steps, found 65") ==
          (count == 65));
  }
}

}  // namespace
}  // namespace locus::tests
