#include <doctest/doctest.h>

#include <fstream>

#include "fingerprints.hpp"
#include "support.hpp"

namespace locus::tests {
namespace {

struct Row {
  std::string ids, layout, text;
};

std::vector<Row> golden_rows(const std::string& name) {
  std::vector<Row> rows;
  std::ifstream stream(source_path("tests/goldens/tokenizers/" + name + ".txt"));
  for (Row row; stream >> row.ids >> row.layout >> row.text;) rows.push_back(row);
  return rows;
}

// "-" stands for what the reference does not settle.
bool agrees(const std::string& golden, const std::string& found) {
  return golden == "-" || golden == found;
}

struct Mismatches {
  int ids = 0, layout = 0, text = 0, spans = 0, fast_path = 0;
  std::string first;

  void count(bool agreed, int Mismatches::*counter, const std::string& text) {
    if (agreed) return;
    if (first.empty()) first = Json(text).dump(-1, ' ', true);
    ++(this->*counter);
  }
};

Mismatches compare(const Tokenizer& tokenizer, const std::vector<std::string>& texts,
                   const std::vector<Row>& rows) {
  Mismatches mismatches;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const EncodedText encoded = tokenizer.encode(texts[i]);
    const std::string decoded = tokenizer.decode(encoded.ids) + '\0' +
                                tokenizer.decode(encoded.ids, {.skip_special = true});
    const auto check = [&](bool agreed, int Mismatches::*counter) {
      mismatches.count(agreed, counter, texts[i]);
    };
    check(agrees(rows[i].ids, hexadecimal(fingerprint(encoded.ids) & 0xFFFF, 4)), &Mismatches::ids);
    check(agrees(rows[i].layout, hexadecimal(fingerprint(layout_of(encoded)) & 0xFFFF, 4)),
          &Mismatches::layout);
    check(agrees(rows[i].text, hexadecimal(fingerprint(decoded) & 0xFFFF, 4)), &Mismatches::text);
    check(spans_are_sane(texts[i], encoded, rows[i].layout != "-"), &Mismatches::spans);
    check(tokenizer.encode_ids(texts[i]) == encoded.ids, &Mismatches::fast_path);
  }
  return mismatches;
}

TEST_CASE("ids, offsets and decoded text of hostile lines are the reference's for every case") {
  const std::vector<std::string> texts = golden_texts("lines");
  REQUIRE(texts.size() >= 2000);
  const Json cases = golden_cases();
  for (const auto& [name, description] : cases.items()) {
    if (!description.value("rows", true)) continue;
    const auto& shown = name;
    INFO(shown);
    const auto tokenizer = open_case(name);
    if (!tokenizer) continue;
    const std::vector<Row> rows = golden_rows(name);
    REQUIRE(rows.size() == texts.size());
    const Mismatches mismatches = compare(*tokenizer, texts, rows);
    INFO("the first line that differs: " << mismatches.first);
    CHECK(mismatches.ids == 0);
    CHECK(mismatches.layout == 0);
    CHECK(mismatches.text == 0);
    CHECK(mismatches.spans == 0);
    CHECK(mismatches.fast_path == 0);
  }
}

Json offsets_of(const EncodedText& encoded) {
  Json offsets = Json::array();
  for (const auto& span : encoded.offsets) {
    offsets.push_back(span ? Json{span->begin, span->end} : Json());
  }
  return offsets;
}

TEST_CASE("the sample texts have the ids that the reference gives") {
  const Json samples = Json::parse(read_text(source_path("tests/goldens/tokenizers/samples.json")));
  for (const auto& [name, sample] : samples.items()) {
    const auto tokenizer = open_case(name);
    if (!tokenizer) continue;
    for (const Json& text : sample["texts"]) {
      const std::string shown = name + ": " + text["text"].dump();
      INFO(shown);
      CHECK(Json(tokenizer->encode_ids(text["text"].get<std::string>())) == text["ids"]);
    }
  }
}

TEST_CASE("pairs are arranged and cut as the reference does") {
  const Json samples = Json::parse(read_text(source_path("tests/goldens/tokenizers/samples.json")));
  for (const auto& [name, sample] : samples.items()) {
    if (sample["pairs"].empty()) continue;
    const auto tokenizer = open_case(name);
    if (!tokenizer) continue;
    for (const Json& pair : sample["pairs"]) {
      const std::string shown = name + ": " + pair["first"].dump();
      INFO(shown);
      EncodeOptions options;
      if (!pair["max_length"].is_null()) options.max_length = pair["max_length"].get<int64_t>();
      const EncodedText encoded = tokenizer->encode_pair(
          pair["first"].get<std::string>(), pair["second"].get<std::string>(), options);
      CHECK(Json(encoded.ids) == pair["ids"]);
      CHECK(Json(encoded.type_ids) == pair["type_ids"]);
      CHECK(offsets_of(encoded) == pair["offsets"]);
    }
  }
}

}  // namespace
}  // namespace locus::tests
