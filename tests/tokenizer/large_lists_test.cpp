// Lists that are long for a tokenizer: work grows as they do, not with their square.
#include <doctest/doctest.h>

#include "support.hpp"

namespace locus::tests {
namespace {

constexpr int count = 100'000;  // squares of it would take minutes

Json named(const char* name, int first = 0) {
  Json list = Json::array();
  for (int i = first; i < first + count; ++i) {
    list.push_back("<" + std::string(name) + std::to_string(i) + ">");
  }
  return list;
}

Json word_document() {
  return {{"model", {{"type", "WordLevel"}, {"unk_token", "a"}, {"vocab", {{"a", 0}}}}},
          {"pre_tokenizer", {{"type", "Whitespace"}}}};
}

/// The ids of a text by a folder of the given files.
std::vector<int32_t> ids_of(const std::map<std::string, Json>& files, const std::string& text) {
  const TemporaryFolder folder;
  folder.write("tokenizer.json", word_document().dump());
  for (const auto& [name, content] : files) folder.write(name, content.dump());
  return Tokenizer::open(folder.path())->encode_ids(text);
}

TEST_CASE("special tokens of two files are joined in time that grows as they do") {
  const Json config = {{"additional_special_tokens", named("a")}};
  const Json map = {{"additional_special_tokens", named("b")}};
  const auto ids =
      ids_of({{"tokenizer_config.json", config}, {"special_tokens_map.json", map}}, "<a1><b1>");
  CHECK(ids == std::vector<int32_t>{2, count + 2});
}

TEST_CASE("tokens that a model names are numbered in the order of the file, however many") {
  std::string config = R"({"extra_special_tokens": {)";
  for (int i = count; i > 0; --i) {
    const auto number = std::to_string(i);
    config += "\"k" + number + "\": \"<x" + number + ">\"" + (i > 1 ? ", " : "}}");
  }
  const TemporaryFolder folder;
  folder.write("tokenizer.json", word_document().dump());
  folder.write("tokenizer_config.json", config);
  const auto tokenizer = Tokenizer::open(folder.path());
  CHECK(tokenizer->id("<x" + std::to_string(count) + ">") == 1);
  CHECK(tokenizer->id("<x1>") == count);
}

TEST_CASE("listed tokens meet special ones in time that grows as they do") {
  Json listed = Json::object(), special = Json::array();
  for (int i = 0; i < count; ++i) {
    const auto number = std::to_string(i + 1);
    listed[number] = {{"content", "<y" + number + ">"}, {"special", true}};
    special.push_back({{"content", "<z" + number + ">"}, {"lstrip", true}, {"special", true}});
  }
  const Json config = {{"added_tokens_decoder", listed}, {"additional_special_tokens", special}};
  CHECK(ids_of({{"tokenizer_config.json", config}}, "<y7><z7>") ==
        std::vector<int32_t>{7, count + 7});
}

TEST_CASE("an older list of added tokens is searched for special ones by their contents") {
  Json added = Json::object();
  for (int i = 0; i < count; ++i) added["<r" + std::to_string(i) + ">"] = i + 1;
  const Json config = {{"additional_special_tokens", named("r", count - 1)}};
  CHECK(ids_of({{"tokenizer_config.json", config}, {"added_tokens.json", added}}, "<r7>") ==
        std::vector<int32_t>{8});
}

}  // namespace
}  // namespace locus::tests
