// Folders whose files name special tokens differently (tools/golden/special_tokens.py).
#include <doctest/doctest.h>

#include "support.hpp"

namespace locus::tests {
namespace {

TEST_CASE("special tokens that a folder's files give differently have the ids of the reference") {
  const Json golden =
      Json::parse(read_text(source_path("tests/goldens/tokenizers/special_tokens.json")));
  CHECK(golden["cases"].size() > 30);
  for (const Json& each : golden["cases"]) {
    const TemporaryFolder folder;
    for (const auto& [name, content] : each["files"].items()) folder.write(name, content.dump());
    const auto tokenizer = Tokenizer::open(folder.path());
    for (std::size_t i = 0; i < golden["texts"].size(); ++i) {
      const auto text = golden["texts"][i].get<std::string>();
      Json settings = each["files"];
      settings.erase("tokenizer.json");
      INFO(text << " " << settings);
      CHECK(Json(tokenizer->encode_ids(text)) == each["ids"][i]);
    }
  }
}

}  // namespace
}  // namespace locus::tests
