#include "pipelines/documents.hpp"

#include <doctest/doctest.h>

#include "tests/support/failure.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {

TEST_CASE("a text in the place of its file's name is refused in one line") {
  const std::string text(10000, 'a');
  const std::string message = failure_of([&] { read_documents({text}, ""); });
  CHECK(message.find("found File name too long") != std::string::npos);
}

TEST_CASE("a first line of JSON that is nested deeply is told from text without a recursion") {
  const TemporaryFolder folder;
  const size_t levels = 250000;
  const std::string line =
      R"({"a": )" + std::string(levels, '[') + std::string(levels, ']') + "}\n";
  const std::string lines = folder.write("lines.jsonl", line);
  CHECK(failure_of([&] { read_documents({lines}, ""); }) ==
        lines + ": expected --field with the key of the text, found none");
  CHECK(failure_of([&] { read_documents({lines}, "", {}, "a"); }) ==
        lines + ", line 1: expected JSON of at most 64 levels, found more");
  const std::string text = folder.write("lines.txt", line + line);
  CHECK(failure_of([&] { read_documents({text}, ""); }) ==
        text + ": expected text, or --field with the key of it, found JSON lines");
}

}  // namespace locus::tests
