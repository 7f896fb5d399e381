#include "base/file_name.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/error.hpp"

namespace locus {
namespace {

TEST_CASE("a name of a stranger's stays within its folder, and is one that a file can have") {
  CHECK_NOTHROW(expect_file_name("index", "model-00001.safetensors"));
  for (const char* name : {"", ".", "..", "a/b", "/etc/passwd", "a\\b"}) {
    CHECK_THROWS_AS(expect_file_name("index", name), Error);
  }
  CHECK_NOTHROW(expect_file_name("index", std::string(255, 'a')));
  CHECK_THROWS_WITH_AS(expect_file_name("index", std::string(1 << 20, 'a')),
                       "index: expected a file name of at most 255 bytes, found 1048576", Error);
}

TEST_CASE("a folder of a stranger's lies below the model's") {
  CHECK(inner_folder("modules", "model", "") == "model");
  CHECK(inner_folder("modules", "model", "1_Pooling") == "model/1_Pooling");
  CHECK(inner_folder("modules", "model", "a/b") == "model/a/b");
  for (const char* path : {"..", "a/../..", "/etc", "a//b"}) {
    CHECK_THROWS_AS(inner_folder("modules", "model", path), Error);
  }
  std::string deep;
  for (int i = 0; i < 600; ++i) deep += "a/";
  CHECK_THROWS_WITH_AS(inner_folder("modules", "model", deep),
                       "modules: expected a path of at most 1,024 bytes, found 1200", Error);
}

}  // namespace
}  // namespace locus
