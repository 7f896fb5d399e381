// Names of tensors, in the formats whose other hostile files have no row for them.
#include <doctest/doctest.h>

#include <string>

#include "engine/weights.hpp"
#include "tests/engine/weights/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests::names {
namespace {

std::string safetensors_of(const std::string& name) {
  return raw_safetensors("{\"" + name + R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})",
                         "");
}

TEST_CASE("a tensor's name has 1 to 1,024 bytes of printable characters in every format") {
  const TemporaryFolder folder;
  const auto opened = [&](const std::string& name) {
    const auto file = folder.write("model.safetensors", safetensors_of(name));
    return folder.message([&] { open_safetensors(file); });
  };
  const auto parsed = [&](const std::string& name) {
    return folder.message([&] { parse_json_weights("weights", "{\"" + name + "\": [1]}"); });
  };
  const std::string expected = ": expected names of 1 to 1,024 printable characters, found '";
  const std::string longest(1024, 'a');
  CHECK(opened(longest) == "no error");
  CHECK(parsed(longest) == "no error");
  CHECK(parsed("größe.权重") == "no error");
  for (const std::string& name :
       {longest + "a", std::string(1'000'000, 'a'), std::string(), std::string("a\\u001b[2J"),
        std::string("a\\nb"), std::string("a\\u202eb")}) {
    CAPTURE(name.substr(0, 20));
    CHECK(opened(name).starts_with("model.safetensors" + expected));
    CHECK(parsed(name).starts_with("weights" + expected));
    CHECK(opened(name).size() < 200);
  }
}

}  // namespace
}  // namespace locus::tests::names
