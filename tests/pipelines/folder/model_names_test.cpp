#include "pipelines/model_names.hpp"

#include <doctest/doctest.h>

#include <filesystem>

namespace locus::tests {

using Names = std::vector<std::string>;

TEST_CASE("a model is called by the last part of its path, whatever is written after it") {
  for (const char* path :
       {"mine", "mine/", "mine//", "./mine", "a/mine/", "/a/b/mine/.", "a/../mine"}) {
    CAPTURE(path);
    CHECK(model_names({path}) == Names{"mine"});
  }
  const auto here = std::filesystem::current_path();
  CHECK(model_names({"."}) == Names{here.filename().string()});
  CHECK(model_names({"./"}) == Names{here.filename().string()});
  CHECK(model_names({".."}) == Names{here.parent_path().filename().string()});
  CHECK(model_names({"a/locus.json"}) == Names{"locus.json"});
}

TEST_CASE("models of one name are told apart by the folders that they lie in") {
  CHECK(model_names({"a/mine/", "b/mine"}) == Names{"a/mine", "b/mine"});
  CHECK(model_names({"mine/", "theirs/mine/"}) == Names{"mine", "theirs/mine"});
  CHECK(model_names({"/x/a/locus.json", "/y/a/locus.json", "b"}) ==
        Names{"x/a/locus.json", "y/a/locus.json", "b"});
  CHECK(model_names({"a/mine", "a/mine/"}) == Names{"mine", "mine"});
}

}  // namespace locus::tests
