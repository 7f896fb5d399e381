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

/// Bytes between the ends of blocks, the last of which is the text's.
std::vector<int64_t> block_sizes(const std::string& raw, int64_t size) {
  std::vector<int64_t> ends = paragraph_ends(raw, size), sizes;
  ends.push_back(static_cast<int64_t>(raw.size()));
  int64_t last = 0;
  for (const int64_t end : ends) {
    sizes.push_back(end - last);
    last = end;
  }
  return sizes;
}

std::string repeated(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST_CASE("a text with a paragraph on each line is cut, though it begins with an empty line") {
  const std::string line = std::string(299, 'a') + "\n", head = std::string(298, 'b') + "\n\n";
  CHECK(block_sizes(repeated(40, line), 500) == std::vector<int64_t>(20, 600));
  auto sizes = block_sizes(head + repeated(40, line), 250);
  CHECK(sizes.size() == 39);  // what is left has no end of a paragraph, and is not long enough
  CHECK(sizes.front() == 300);
  CHECK(sizes[37] == 300);
  CHECK(sizes.back() == 900);
}

TEST_CASE("a long stretch without lines is cut, wherever it stands") {
  const std::string stretch(10'000, 'a'), line = std::string(299, 'b') + "\n\n";
  CHECK(block_sizes(stretch, 500) == std::vector<int64_t>(20, 500));
  const auto sizes = block_sizes(line + line + stretch + "\n\n" + line, 500);
  CHECK(sizes.front() == 602);
  for (size_t i = 1; i + 2 < sizes.size(); ++i) CHECK(sizes[i] == 500);
  CHECK(sizes[sizes.size() - 2] <= 8000);
  CHECK(sizes.back() == 301);
}

TEST_CASE("blocks do not depend on the parts that a text is read in") {
  const std::string raw = repeated(3, "ab\n\n" + repeated(50, "line of words\n") +
                                          std::string(5000, 'x') + repeated(9, "c d e\n\n\n"));
  const auto whole = paragraph_ends(raw, 100);
  CHECK(whole.size() > 40);
  for (const size_t bytes : {size_t{1}, size_t{7}, size_t{1000}}) {
    ParagraphEnds ends(100);
    for (size_t at = 0; at < raw.size(); at += bytes)
      ends.add(std::string_view(raw).substr(at, bytes));
    CHECK(ends.finish() == whole);
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
  for (size_t i = 0; i < raw.size(); ++i) text.extents.push_back({1, 1, 0});
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
