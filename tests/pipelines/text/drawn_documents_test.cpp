// What --limit draws is what the rule says of the whole text.
#include <doctest/doctest.h>

#include <map>
#include <memory>

#include "base/error.hpp"
#include "evaluation/score_masked.hpp"
#include "evaluation/score_units.hpp"
#include "pipelines/documents.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

bool continues_character(const std::string& text, size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

bool white(const std::string& text) { return text.find_first_not_of(" \t\r\n\f\v") == text.npos; }

/// The rule, plainly, of texts that are held as a whole.
std::vector<Document> by_the_rule(const std::vector<Document>& documents, int64_t count,
                                  uint64_t seed) {
  std::vector<Document> parts;
  for (const Document& document : documents) {
    const std::string& raw = document.raw;
    if (raw.size() <= 8192) {
      if (!white(raw)) parts.push_back(document);
      continue;
    }
    auto ends = paragraph_ends(raw, 4096);
    ends.push_back(static_cast<int64_t>(raw.size()));
    size_t last = 0;
    for (const int64_t place : ends) {
      size_t begin = last, end = static_cast<size_t>(place);
      last = end;
      const std::string name = document.name + "@" + std::to_string(begin);
      while (continues_character(raw, begin)) ++begin;
      while (continues_character(raw, end)) ++end;
      const std::string part = raw.substr(begin, end - begin);
      if (!white(part)) parts.push_back({name, part});
    }
  }
  std::vector<Document> drawn;
  for (const int64_t index : sample_indices(std::ssize(parts), count, seed)) {
    drawn.push_back(parts[static_cast<size_t>(index)]);
  }
  return drawn;
}

std::string repeated(const std::string& text, size_t bytes) {
  std::string all;
  while (all.size() < bytes) all += text;
  return all;
}

/// Texts with paragraphs, with lines alone, without either, and with much white space.
std::string write_texts(const TemporaryFolder& folder) {
  std::string numbered;
  for (int i = 0; i < 3000; ++i) {
    numbered += "Paragraph " + std::to_string(i) + " \u00e9\u4e2d.\n" + (i % 7 == 0 ? "\n" : "");
  }
  folder.write("texts/a.txt", numbered);
  folder.write("texts/b.txt", repeated("\u4e2d\u00e9x", 300000));
  folder.write("texts/c.txt", repeated("\u4e2d", 12288 - 1) + std::string(70000, ' ') +
                                  repeated("\u00e9 ", 9000) + std::string(9000, '\n'));
  folder.write("texts/d.txt", std::string(50000, ' '));
  folder.write("texts/e.txt", "Short.");
  folder.write("texts/f.txt", " \n ");
  folder.write("texts/g.txt", repeated("A line of a text.\n", 8192));
  folder.write("texts/h.txt", std::string(8192, 'h'));
  folder.write("texts/i.txt", std::string(8193, 'i'));
  return folder / "texts";
}

void check_equal(const std::vector<Document>& found, const std::vector<Document>& expected) {
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].name == expected[i].name);
    CHECK(found[i].raw == expected[i].raw);
  }
}

}  // namespace

TEST_CASE("what is drawn of a text that is read in parts is what the rule draws of the whole") {
  const TemporaryFolder folder;
  const std::vector<std::string> paths{write_texts(folder)};
  for (const std::string separator : {"", "\\n\\n", "9"}) {
    const auto documents = read_documents(paths, separator);
    for (const int64_t count : {1, 5, 40, 100000}) {
      CAPTURE(separator);
      CAPTURE(count);
      check_equal(drawn_documents(stream_documents(paths, separator), count, 3),
                  by_the_rule(documents, count, 3));
    }
  }
}

TEST_CASE("a large text is read twice in parts of at most some megabytes") {
  constexpr size_t size = size_t{64} << 20;
  int opened = 0;
  size_t read = 0, largest = 0;
  const OpenBytes open = [&](const std::filesystem::path&) -> ReadBytes {
    opened += 1;
    return [&, at = size_t{0}](size_t bytes) mutable {
      largest = std::max(largest, bytes);
      const size_t part = std::min(bytes, size - at);
      std::string text;
      for (; text.size() < part; text += "A line of a text of some length.\n\n") continue;
      at += part;
      read += part;
      return text.substr(0, part);
    };
  };
  const auto drawn = drawn_documents(stream_documents({"large.txt"}, "", open), 3, 1);
  REQUIRE(drawn.size() == 3);
  for (const Document& document : drawn) {
    CHECK(document.raw.size() >= 4096);
    CHECK(document.raw.size() < 8192);
    CHECK(document.name.starts_with("large.txt@"));
  }
  CHECK(opened == 2);
  CHECK(read == 2 * size);
  CHECK(largest <= size_t{4} << 20);
}

TEST_CASE("drawing can be given up, and nothing can be drawn of nothing") {
  const TemporaryFolder folder;
  folder.write("blank.txt", std::string(20000, ' '));
  folder.write("long.txt", repeated("A line.\n", 100000));
  CHECK_THROWS_WITH_AS(drawn_documents(stream_documents({folder / "blank.txt"}, ""), 1, 1),
                       doctest::Contains("a text that is not empty"), Error);
  const auto stop = [] { throw Error::cancellation(); };
  CHECK_THROWS_AS(drawn_documents(stream_documents({folder / "long.txt"}, ""), 1, 1, stop), Error);
}

}  // namespace locus::tests
