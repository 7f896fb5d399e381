// What the library tokenizers refuses in a tokenizer.json is refused, and what it reads has its ids
// (tools/golden/tokenizer_values.py).
#include <doctest/doctest.h>

#include "support.hpp"

namespace locus::tests {
namespace {

struct TriedValues {
  Json golden = Json::parse(read_text(source_path("tests/goldens/tokenizer_values.json")));
  std::string text = golden["text"];
  TemporaryFolder folder;

  Json::json_pointer pointer(const Json& row) const {
    Json::json_pointer place;
    for (const Json& key : row["path"]) {
      if (key.is_string()) {
        place /= key.get<std::string>();
      } else {
        place /= key.get<std::size_t>();
      }
    }
    return place;
  }

  Json changed(const Json& row, const Json& value) const {
    Json document = golden["bases"][row["base"].get<std::string>()];
    document[pointer(row)] = value;
    return document;
  }

  Json without(const Json& row) const {
    Json document = golden["bases"][row["base"].get<std::string>()];
    const Json::json_pointer place = pointer(row);
    document[place.parent_pointer()].erase(place.back());
    return document;
  }

  // The ids, or the line that refuses the document.
  Json answer(const Json& document) const {
    folder.write("tokenizer.json", document.dump());
    try {
      return Tokenizer::open(folder.path())->encode_ids(text);
    } catch (const Error& error) {
      return std::string(error.what());
    }
  }
};

TEST_CASE("values of tokenizer.json that the reference refuses are refused in one line") {
  const TriedValues tried;
  std::vector<std::string> taken;
  const auto check = [&](const Json& row, const Json& document, const std::string& value) {
    const Json answer = tried.answer(document);
    if (answer.is_string() && answer.get<std::string>().find('\n') == std::string::npos) return;
    taken.push_back(row["base"].get<std::string>() + " " + row["path"].dump() + " " + value);
  };
  for (const Json& row : tried.golden["fields"]) {
    if (row["needed"] == true) check(row, tried.without(row), "nothing");
    for (const Json& value : row["refused"]) check(row, tried.changed(row, value), value.dump());
  }
  for (const std::string& each : taken) MESSAGE(each);
  CHECK(taken.empty());
}

// transformers sets a prefix space by its own key, and neither pads nor cuts unless it is asked to.
bool is_of_transformers(const Json& row) {
  const auto base = row["base"].get<std::string>();
  return base.starts_with("truncation") || base.starts_with("padding") ||
         row["path"] == Json{"pre_tokenizer", "add_prefix_space"};
}

TEST_CASE("values of tokenizer.json that the reference reads have its ids, or are refused") {
  const TriedValues tried;
  std::size_t read = 0;
  for (const Json& row : tried.golden["fields"]) {
    if (is_of_transformers(row)) continue;
    for (const Json& pair : row["read"]) {
      const Json answer = tried.answer(tried.changed(row, pair[0]));
      INFO(row["base"] << " " << row["path"] << " " << pair[0]);
      if (answer.is_string()) continue;
      CHECK(answer == pair[1]);
      ++read;
    }
  }
  CHECK(read > 300);
}

}  // namespace
}  // namespace locus::tests
