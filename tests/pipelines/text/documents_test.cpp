#include "pipelines/documents.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

namespace locus::tests {

TEST_CASE("a text in the place of its file's name is refused in one line") {
  const std::string text(10000, 'a');
  std::string message;
  try {
    read_documents({text}, "");
  } catch (const Error& error) {
    message = error.what();
  }
  CHECK(message.find("found File name too long") != std::string::npos);
}

}  // namespace locus::tests
