#include "models/files/name_pattern.hpp"

#include <doctest/doctest.h>

#include <random>
#include <regex>
#include <string>
#include <vector>

namespace locus::tests {
namespace {

TEST_CASE("a pattern of names matches whole names") {
  CHECK(files::matches_name("(bert\\.)?embeddings\\.position_ids", "bert.embeddings.position_ids"));
  CHECK(files::matches_name("(bert\\.)?embeddings\\.position_ids", "embeddings.position_ids"));
  CHECK_FALSE(
      files::matches_name("(bert\\.)?embeddings\\.position_ids", "bertXembeddings.position_ids"));
  CHECK_FALSE(files::matches_name("embeddings", "embeddings.weight"));
  CHECK(files::matches_name("h\\.\\d+\\.(bias|masked_bias)", "h.12.masked_bias"));
  CHECK_FALSE(files::matches_name("h\\.\\d+\\.bias", "h..bias"));
  CHECK(files::matches_name("a\\..*|b", "a.x.y"));
  CHECK(files::matches_name("a\\..*|b", "b"));
}

// Every piece of the grammar, joined by chance, against the standard library's regular expressions.
TEST_CASE("patterns of names match what regular expressions match") {
  const std::vector<std::string> pieces{"a",       "b",   "\\.", "\\d+",        ".*", "(a|b)",
                                        "(a\\.)?", "ab?", "1",   "(\\d+|a.*b)", "|",  "(.*\\.)?"};
  std::mt19937 random(3);
  const auto below = [&](size_t count) { return random() % count; };
  for (int round = 0; round < 3000; ++round) {
    std::string pattern, name;
    for (size_t i = below(6); i-- > 0;) pattern += pieces[below(pieces.size())];
    for (size_t i = below(8); i-- > 0;) name += "ab.12"[below(5)];
    CAPTURE(pattern);
    CAPTURE(name);
    REQUIRE(files::matches_name(pattern, name) == std::regex_match(name, std::regex(pattern)));
  }
}

TEST_CASE("a long name takes no depth and no time") {
  const std::string name(1'000'000, 'a');
  CHECK(files::matches_name(".*(a|b)?.*", name));
  CHECK_FALSE(files::matches_name(".*\\.attention\\.self\\.index", name));
}

}  // namespace
}  // namespace locus::tests
