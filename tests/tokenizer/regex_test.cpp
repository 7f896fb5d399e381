#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <random>

#include "fingerprints.hpp"
#include "support.hpp"
#include "tests/support/failure.hpp"
#include "tokenizer/text/regex.hpp"
#include "tokenizer/text/scanners.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

std::vector<std::string> matches(const std::string& pattern, const std::string& text) {
  const Regex regex(pattern);
  std::vector<std::string> found;
  Watch watch;
  for (auto match = regex.search(text, 0, watch); match;) {
    found.push_back(text.substr(match->begin, match->end - match->begin));
    match = regex.search(text, std::max(match->end, match->begin + 1), watch);
  }
  return found;
}

using Strings = std::vector<std::string>;

TEST_CASE("regular expressions match as tokenizers mean them") {
  CHECK(matches("a|bc", "abca") == Strings{"a", "bc", "a"});
  CHECK(matches("\\p{L}+", "Zürich 北京 42") == Strings{"Zürich", "北京"});
  CHECK(matches("[^\\s\\p{L}]+", "a1,2 b") == Strings{"1,2"});
  CHECK(matches("\\s+(?!\\S)|\\s+", "a   b  ") == Strings{"  ", " ", "  "});
  CHECK(matches("(?i:'S|'re)", "'s 'RE 'Re 't") == Strings{"'s", "'RE", "'Re"});
  CHECK(matches("\\p{N}{1,3}", "1234567") == Strings{"123", "456", "7"});
  CHECK(matches("x{2}", "xxxxx") == Strings{"xx", "xx"});
  CHECK(matches("a{1,}b", "aaab") == Strings{"aaab"});
  CHECK(matches("a+?", "aaa") == Strings{"a", "a", "a"});
  CHECK(matches("(?>a+)ab", "aaab").empty());
  CHECK(matches("a++ab", "aaab").empty());
  CHECK(matches("(?<=x)y", "xy zy") == Strings{"y"});
  CHECK(matches("(?<!x)y", "xy zy") == Strings{"y"});
  CHECK(matches("^a|b$", "ab\nab") == Strings{"a", "b", "a", "b"});
  CHECK(matches("\\bfoo\\b", "foo foobar foo") == Strings{"foo", "foo"});
  CHECK(matches("\\w+", "a\u200db x² ü") == Strings{"a", "b", "x²", "ü"});
  CHECK(matches("[a\\-c]+", "a-c b") == Strings{"a-c"});
  CHECK(matches("[\\x{4e00}-\\x{9fff}]", "a中") == Strings{"中"});
  CHECK(matches("(ab|a)(c|bcd)", "abcd") == Strings{"abc"});
  CHECK(matches("a{,2}", "aaa").size() > 1);
  CHECK(matches("{", "{") == Strings{"{"});
}

TEST_CASE("Oniguruma's whole syntax is there: scripts, intersections, names, comments") {
  CHECK(matches("\\p{Han}+", "ab中文c") == Strings{"中文"});
  CHECK(matches("[a-z&&[^aeiou]]+", "abcde") == Strings{"bcd"});
  CHECK(matches("(?<twice>a)\\k<twice>(?#a comment)", "aaa") == Strings{"aa"});
  CHECK(matches("(a*)*b", "aab") == Strings{"aab"});
}

TEST_CASE("an expression that Oniguruma refuses is named with its reason") {
  for (const char* pattern : {"*a", "(a", "a)", "[a", "\\p{Hann}", "[b-a]", "(?<n", "\\"}) {
    INFO(pattern);
    CHECK_THROWS_WITH_AS(Regex{pattern},
                         doctest::Contains("expected an expression that Oniguruma compiles, found"),
                         Error);
  }
}

std::string failure(const std::string& pattern, const std::string& text) {
  Watch watch;
  return tests::failure_of([&] { Regex(pattern).search(text, 0, watch); }, "none");
}

double seconds_since(std::clock_t begin) {
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST_CASE("an expression that would never end gives up with an Error") {
  const std::clock_t begin = std::clock();
  const std::string letters(200, 'a');
  for (const char* pattern : {"(?:a|a)+b", "(a*)*b", "(a|aa)+b", "(?:a?){64}a{64}b",
                              "(?=((?:a|a)+b))c", "(?<w>a|\\g<w>\\g<w>)+b"}) {
    INFO(pattern);
    const std::string message = failure(pattern, letters);
    CHECK((message.find("-in-match over") != std::string::npos || message == "none" ||
           message.find("never ending") != std::string::npos));
  }
  CHECK(failure("(?:a|a)+b", letters) ==
        "regular expression: expected a match within the limits, found retry-limit-in-match over");
  CHECK(seconds_since(begin) < 20);
}

// Each step back compares all that the group has matched.
TEST_CASE("an expression that asks for what a group has matched goes fewer steps back") {
  const std::clock_t begin = std::clock();
  const std::string letters(200'000, 'a');
  for (const char* pattern : {"(a+)\\1+c", "(?<n>a+)\\k<n>+c", "(?i)(a+)\\1+c"}) {
    INFO(pattern);
    CHECK(
        failure(pattern, letters) ==
        "regular expression: expected a match within the limits, found retry-limit-in-match over");
  }
  CHECK(seconds_since(begin) < 5);
}

TEST_CASE("an expression that is long, deep or repeats repetitions is small work or refused") {
  const std::clock_t begin = std::clock();
  const auto times = [](int count, const char* part) {
    std::string all;
    for (int i = 0; i < count; ++i) all += part;
    return all;
  };
  CHECK(failure(times(14500, "(") + times(14500, ")"), "a").find("expected at most 4096 bytes") !=
        std::string::npos);
  CHECK(failure(times(2000, "(") + "a" + times(2000, ")"), "a")
            .find("expected at most 256 groups and classes, found 2000") != std::string::npos);
  CHECK(failure(times(256, "(") + "a" + times(256, ")"), "a") == "none");
  CHECK(failure(times(256, "(?:") + "a" + times(256, ")*"), "aaab") == "none");
  for (const std::string& pattern :
       {std::string("a{999}{999}{999}"), "a" + times(1300, "{2}"), "a" + times(2000, "+?"),
        times(1000, "a|") + "b", times(250, "(?i:ss)"), times(4000, "\u00df").substr(0, 4096),
        "(?i)" + times(2000, "s"), times(120, "(a{0,99}") + times(120, "){0,99}")}) {
    INFO(pattern.substr(0, 40));
    CHECK_NOTHROW(failure(pattern, std::string(100, 'a')));
  }
  CHECK(seconds_since(begin) < 20);
}

using Bounds = std::vector<std::pair<uint32_t, uint32_t>>;

template <class Search>
Bounds all_matches(const std::string& text, Search search) {
  Bounds bounds;
  for (auto match = search(text, 0); match; match = search(text, match->end)) {
    bounds.emplace_back(match->begin, match->end);
    if (match->begin == match->end) break;
  }
  return bounds;
}

// The words of GPT-2, in two spellings, of GPT-4 with long and with single numbers, T5's spaces.
constexpr const char* scanned[] = {
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
    R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
    R"(\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
    R"(\s*[\r\n]+|\s+(?!\S)|\s+)",
    " {2,}"};

void check_scanners(const std::string& text) {
  for (const char* expression : scanned) {
    static std::map<std::string, Regex> compiled;
    const Regex& regex = compiled.try_emplace(expression, expression).first->second;
    const auto by_regex = [&](const std::string& each, std::size_t from) {
      Watch watch;
      return regex.search(each, from, watch);
    };
    INFO(expression << " in " << text);
    REQUIRE(all_matches(text, scanner_of(expression)) == all_matches(text, by_regex));
  }
}

// Of two versions of Unicode, a scanner's and Oniguruma's, a code point may be in one alone.
bool is_new(char32_t c) {
  std::string character;
  append(character, c);
  Watch watch;
  return Regex("\\p{Cn}").search(character, 0, watch).has_value();
}

TEST_CASE("scanners find what Oniguruma finds, in hostile lines and in random ones") {
  for (const std::string& text : tests::golden_texts("lines")) check_scanners(text);
  std::mt19937 random(3);
  const std::vector<std::string> parts = {
      "'",  "s", "S",      "ſ",    "t",      "re",     "RE", "v",  "e",  "ll", "LL",    "l",
      "d",  "M", "1",      "²",    "٣",      " ",      " ",  "\n", "\r", "\t", ".",     "!",
      "中", "é", "\u0301", "🙂", "\u00a0", "\u2028", "_",  "K",  "ß",  "ŉ",  "\u200d"};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::size_t size = random() % 12; size > 0; --size) text += parts[random() % parts.size()];
    check_scanners(text);
  }
}

TEST_CASE("scanners know the kind of every code point that Oniguruma knows") {
  for (char32_t c = 1; c < 0x110000; c += c < 0x3400 ? 1 : 7) {
    if ((c >= 0xD800 && c < 0xE000) || is_new(c)) continue;
    std::string text = "a";
    append(text, c);
    check_scanners(text + "1");
  }
}

TEST_CASE("Whitespace's words are those of Rust's crate") {
  const auto words = [](const std::string& text) {
    Strings found;
    for (auto match = scan_word(text, 0); match; match = scan_word(text, match->end)) {
      found.push_back(text.substr(match->begin, match->end - match->begin));
    }
    return found;
  };
  CHECK(words("a_b1 \u200d..,x\n!é\u0301 ") ==
        Strings{"a_b1", "\u200d", "..,", "x", "!", "é\u0301"});
  CHECK(words(" \t").empty());
}

}  // namespace
}  // namespace locus::tokenization
