#include "base/json/json.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/error.hpp"
#include "base/json/is_text.hpp"

namespace locus::tests {
namespace {

TEST_CASE("JSON ends where its text does") {
  CHECK(detail::parse_json("file", " [1] \n") == nlohmann::json{1});
  for (const char* after : {"x", "[]", "//"}) {
    CAPTURE(after);
    CHECK_THROWS_AS(detail::parse_json("file", std::string("[1]") + after), Error);
  }
  for (const std::string& text : {std::string("[1]\0", 4), std::string("[1]\0 x", 6),
                                  std::string("[\"\0\"]", 5), std::string("\0", 1)}) {
    CHECK_THROWS_WITH_AS(detail::parse_json("file", text), "file: expected JSON, found a zero byte",
                         Error);
  }
}

TEST_CASE("a byte-order mark before JSON is refused, as the reference does") {
  CHECK_THROWS_WITH_AS(detail::parse_json("file", "\xef\xbb\xbf{}"),
                       "file: expected JSON, found a byte-order mark before it", Error);
  CHECK_THROWS_AS(detail::parse_json("file", "\xef\xbb{}"), Error);
  CHECK(detail::parse_json("file", "[\"\xef\xbb\xbf\"]")[0] == "\xef\xbb\xbf");
}

TEST_CASE("a value is a text or it is not") {
  const auto values = detail::parse_json("file", R"(["a", "", 0, null, ["a"], {"a": "a"}])");
  CHECK(detail::is_text(values[0], "a"));
  CHECK_FALSE(detail::is_text(values[0], "ab"));
  CHECK(detail::is_text(values[1], ""));
  for (size_t i = 2; i < values.size(); ++i) {
    CAPTURE(i);
    CHECK_FALSE(detail::is_text(values[i], "a"));
    CHECK_FALSE(detail::is_text(values[i], ""));
  }
}

}  // namespace
}  // namespace locus::tests
