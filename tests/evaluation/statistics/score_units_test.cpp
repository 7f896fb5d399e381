#include "evaluation/score_units.hpp"

#include <doctest/doctest.h>

#include <numbers>

namespace locus::tests {
namespace {

/// A text of one token for each byte, and a score for each token but the first.
struct ScoredText {
  Text text;
  TextScores scores;
};

ScoredText scored_text(const std::string& raw) {
  ScoredText scored;
  for (size_t i = 0; i < raw.size(); ++i) {
    scored.text.ids.push_back(1);
    scored.text.byte_begin.push_back(static_cast<int64_t>(i));
    if (i > 0) scored.scores.push_back({static_cast<int64_t>(i), 1, 1, 0, 1, 0});
  }
  return scored;
}

TEST_CASE("one long document is cut at paragraph ends, and no score is lost") {
  std::string raw;
  for (int i = 0; i < 40; ++i) raw += std::string(290, 'a') + "\n\n" + std::string(7, 'b') + "\n";
  const auto [text, scores] = scored_text(raw);
  const std::vector<Document> documents{{"text", raw}};
  const auto units = score_units(std::span(&text, 1), std::span(&scores, 1), documents);
  CHECK(units.unit == "paragraphs of at least 256 bytes");
  REQUIRE(units.scores.size() == 41);
  size_t total = 0;
  for (const auto& unit : units.scores) total += unit.size();
  CHECK(total == scores.size());
  for (size_t i = 1; i < units.scores.size(); ++i) {
    CHECK(raw[static_cast<size_t>(units.scores[i].front().index)] == 'b');
  }
}

TEST_CASE("twelve documents are units themselves") {
  const auto one = scored_text("abc");
  const std::vector<Text> texts(12, one.text);
  const std::vector<TextScores> scores(12, one.scores);
  const std::vector<Document> documents(12, {"text", "abc"});
  const auto units = score_units(texts, scores, documents);
  CHECK(units.unit == "document");
  CHECK(units.scores.size() == 12);
}

TEST_CASE("the bytes and bits of blocks add up to those of their document") {
  std::string raw;
  for (int i = 0; i < 40; ++i) raw += std::string(290, 'a') + "\n\n" + std::string(7, 'b') + "\n";
  auto [text, scores] = scored_text(raw);
  text.extents.assign(raw.size(), {1, 1, 0});
  const std::vector<Document> documents{{"text", raw}};
  const auto units = score_units(std::span(&text, 1), std::span(&scores, 1), documents);
  const auto weighted = units_by_byte(std::span(&text, 1), units);
  REQUIRE(weighted.size() == 41);
  double bits = 0, bytes = 0;
  for (const Unit& unit : weighted) {
    bits += unit.sum;
    bytes += unit.weight;
  }
  CHECK(bytes == static_cast<double>(raw.size() - 1));  // nothing predicts the first token
  CHECK(bits == doctest::Approx(bytes / std::numbers::ln2));
}

}  // namespace
}  // namespace locus::tests
