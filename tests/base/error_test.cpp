#include "base/error.hpp"

#include <doctest/doctest.h>

namespace locus::tests {
namespace {

std::string message_of(const Error& error) { return error.what(); }

TEST_CASE("an error is one line that a terminal does not obey, whatever a file calls itself") {
  CHECK(message_of(Error("model_type", "a family", "llama\nlocus: done\x1b[31m")) ==
        "model_type: expected a family, found llama\\nlocus: done\\x1b[31m");
  CHECK(message_of(Error("a\tb\r\x7f")) == "a\\tb\\r\\x7f");
}

TEST_CASE("an error keeps the letters of every language and escapes what is not UTF-8") {
  CHECK(message_of(Error("Zür\u4e2d")) == "Zür\u4e2d");
  CHECK(message_of(Error("a\xffz\xe4\xb8")) == "a\\xffz\\xe4\\xb8");
  // C1 controls, ends of lines and changes of direction that are code points of their own.
  CHECK(message_of(Error("\u009b\u2028\u202e")) == "\\x9b\\u2028\\u202e");
}

TEST_CASE("a name of a megabyte is shortened where it is quoted") {
  const std::string name(1 << 20, 'n');
  CHECK(message_of(Error(name, "a name", name)) ==
        std::string(1024, 'n') + "...: expected a name, found " + std::string(1024, 'n') + "...");
  CHECK(message_of(Error("a", "what begins with " + name, "b")) ==
        "a: expected what begins with " + std::string(4096 - 17, 'n') + "..., found b");
}

}  // namespace
}  // namespace locus::tests
