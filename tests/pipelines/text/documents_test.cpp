#include "pipelines/documents.hpp"

#include <doctest/doctest.h>

#include "tests/support/failure.hpp"

namespace locus::tests {

TEST_CASE("a text in the place of its file's name is refused in one line") {
  const std::string text(10000, 'a');
  const std::string message = failure_of([&] { read_documents({text}, ""); });
  CHECK(message.find("found File name too long") != std::string::npos);
}

}  // namespace locus::tests
