#include "base/decimal.hpp"

#include <doctest/doctest.h>

namespace locus {

TEST_CASE("a decimal is read as far as it goes, to the nearest double") {
  const auto expect = [](std::string_view text, double value, size_t bytes) {
    CAPTURE(text);
    const LeadingDecimal found = leading_decimal(text);
    CHECK(found.bytes == bytes);
    if (bytes > 0) CHECK(found.value == value);
  };
  expect("0.1*x", 0.1, 3);
  expect("-2e-3", -0.002, 5);
  expect(".5", 0.5, 2);
  expect("1e", 1, 1);
  expect("8.5,9", 8.5, 3);
  expect("9007199254740993", 9007199254740992.0, 16);  // halfway: to the even one
  expect("2.2250738585072011e-308", 2.2250738585072011e-308, 23);
  for (const char* none : {"", "+1", " 1", "x", "inf", "nan", "1e400", "-"}) expect(none, 0, 0);
}

TEST_CASE("a text that is more than a decimal is none") {
  CHECK(decimal_of("1.25") == 1.25);
  CHECK_FALSE(decimal_of("1.25 "));
  CHECK_FALSE(decimal_of("1,25"));
  CHECK_FALSE(decimal_of(""));
}

}  // namespace locus
