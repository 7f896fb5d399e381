#include "pipelines/text/stop_text.hpp"

#include <doctest/doctest.h>

namespace locus::tests {
namespace {

using pipelines::StopText;

TEST_CASE("a stop text never shows, whichever way it is cut into pieces") {
  const std::string text = "one two three";
  for (size_t first = 0; first <= text.size(); ++first) {
    for (size_t second = first; second <= text.size(); ++second) {
      StopText stop({"two t", "xyz"});
      std::string shown = stop.push(text.substr(0, first));
      shown += stop.push(text.substr(first, second - first));
      shown += stop.push(text.substr(second));
      shown += stop.finish();
      CHECK(shown == "one ");
      CHECK(stop.found());
    }
  }
}

TEST_CASE("what only began like a stop text is given out") {
  StopText stop({"abc"});
  CHECK(stop.push("xab") == "x");
  CHECK(stop.push("d") == "abd");
  CHECK(stop.push("ab").empty());
  CHECK(stop.finish() == "ab");
  CHECK_FALSE(stop.found());
}

}  // namespace
}  // namespace locus::tests
