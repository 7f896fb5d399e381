#include <doctest/doctest.h>

#include "blocks.hpp"

namespace locus::tests {
namespace {

constexpr std::size_t first_lines = 2400;  // which some cases have rows of their own for

std::vector<std::string> texts_of(const Json& description) {
  std::vector<std::string> texts;
  std::vector<std::string> names = {"lines", "more_lines"};
  for (const Json& more : description.value("lines", Json::array())) names.push_back(more);
  for (const std::string& name : names) {
    for (std::string& text : golden_texts(name)) texts.push_back(std::move(text));
  }
  return texts;
}

TEST_CASE("5,200 hostile lines have the reference's ids, offsets and text in every case") {
  const Json cases = golden_cases();
  for (const auto& [name, description] : cases.items()) {
    const auto& shown = name;
    INFO(shown);
    const auto tokenizer = open_case(name);
    if (!tokenizer) continue;
    const std::vector<std::string> texts = texts_of(description);
    const std::vector<Block> blocks =
        golden_blocks(source_path("tests/goldens/tokenizers/blocks/" + name + ".txt"));
    CHECK(texts.size() >= 5200);
    CHECK(blocks.size() == (texts.size() + block_size - 1) / block_size);
    const std::size_t first = description.value("rows", true) ? first_lines / block_size : 0;
    const Disagreements found = disagreements(*tokenizer, texts, blocks, first);
    CHECK(Json(found.ids) == Json::array());
    CHECK(Json(found.layout) == Json::array());
    CHECK(Json(found.text) == Json::array());
    CHECK(Json(found.sane) == Json::array());
  }
}

}  // namespace
}  // namespace locus::tests
