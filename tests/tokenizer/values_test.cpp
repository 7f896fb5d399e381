// What the library tokenizers refuses in a tokenizer.json is refused, and what it reads has its ids
// (tools/golden/tokenizer_values.py).
#include <doctest/doctest.h>

#include <algorithm>

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

// What the reference reads and docs/tokenizers.md lists as refused.
bool is_listed(const std::string& refusal) {
  const std::vector<std::string_view> reasons = {
      "found 2147483648",
      "max_input_chars_per_word: expected at most 4096",
      "BPE.dropout: expected none",
      "expected a second token that begins with",
      "unk_id: expected an id of the vocabulary",
      "type: expected a string",
      "expected a type that Locus knows",
      "pattern: expected a text of one character or more",
      "expected a pattern that matches characters",
      "RobertaProcessing.",
  };
  return std::ranges::any_of(
      reasons, [&](std::string_view reason) { return refusal.find(reason) != std::string::npos; });
}

TEST_CASE("values of tokenizer.json that the reference reads have its ids, or a listed refusal") {
  const TriedValues tried;
  std::size_t read = 0;
  for (const Json& row : tried.golden["fields"]) {
    if (is_of_transformers(row)) continue;
    for (const Json& pair : row["read"]) {
      const Json answer = tried.answer(tried.changed(row, pair[0]));
      INFO(row["base"] << " " << row["path"] << " " << pair[0]);
      if (answer.is_string()) {
        CHECK_MESSAGE(is_listed(answer.get<std::string>()), answer.get<std::string>());
        continue;
      }
      CHECK(answer == pair[1]);
      ++read;
    }
  }
  CHECK(read > 300);
}

TEST_CASE("a BPE whose unknown token is no token reads what needs none") {
  const TriedValues tried;
  for (const bool bytes : {false, true}) {
    CAPTURE(bytes);
    Json document = tried.golden["bases"][bytes ? "pre_tokenizer 0" : "model 2"];
    document["model"]["unk_token"] = "<none>";
    tried.folder.write("tokenizer.json", document.dump());
    const auto tokenizer = Tokenizer::open(tried.folder.path());
    CHECK(tokenizer->encode_ids("ab").size() == 1);
    CHECK_THROWS_WITH_AS(tokenizer->encode_ids("aq"), doctest::Contains("token '<none>'"), Error);
  }
}

}  // namespace
}  // namespace locus::tests
