#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "engine/weights.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/values.hpp"

using namespace locus;
using namespace locus::tests;

TEST_CASE("JSON weights are shapes with values, or nested lists") {
  const auto weights = parse_json_weights("w", R"({
      "flat": {"shape": [2, 3], "values": [1, 2, 3, 4.5, -5e-1, 6]},
      "nested": [[1, 2, 3], [4.5, -0.5, 6]],
      "row": [7],
      "scalar": 8,
      "empty": [[], []]})");
  CHECK(weights.f32("flat").shape() == Shape{2, 3});
  CHECK(values_of(weights.f32("flat")) == std::vector<float>{1, 2, 3, 4.5f, -0.5f, 6});
  CHECK(weights.f32("nested").shape() == Shape{2, 3});
  CHECK(values_of(weights.f32("nested")) == values_of(weights.f32("flat")));
  CHECK(weights.f32("row").shape() == Shape{1});
  CHECK(weights.f32("scalar").shape() == Shape{});
  CHECK(values_of(weights.f32("scalar")) == std::vector<float>{8});
  CHECK(weights.f32("empty").shape() == Shape{2, 0});
}

TEST_CASE("every f32 value survives the round trip through JSON") {
  std::vector<float> values{0.0f,
                            -0.0f,
                            0.1f,
                            1.0f / 3,
                            16777217.0f,
                            std::numeric_limits<float>::max(),
                            std::numeric_limits<float>::min(),
                            std::numeric_limits<float>::denorm_min(),
                            -1e-45f,
                            7.038531e-26f};
  std::mt19937 random(7);
  while (values.size() < 20000) {
    const float value = std::bit_cast<float>(static_cast<uint32_t>(random()));
    if (std::isfinite(value)) values.push_back(value);
  }
  Weights weights;
  weights.add("a \"quoted\" name", Tensor({static_cast<int64_t>(values.size())}, values));
  const auto again = parse_json_weights("w", to_json(weights));
  const auto read = again.f32("a \"quoted\" name");
  int wrong = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    wrong += std::bit_cast<uint32_t>(read.data()[i]) != std::bit_cast<uint32_t>(values[i]);
  }
  CHECK(wrong == 0);
}

TEST_CASE("JSON weights have the shortest digits") {
  Weights weights;
  weights.add("b", Tensor({2, 2}, std::vector<float>{0.1f, 1, -2.5f, 1e-10f}));
  weights.add("a", Tensor(Shape{0}));
  CHECK(to_json(weights) ==
        "{\n  \"a\": {\"shape\": [0], \"values\": []},\n"
        "  \"b\": {\"shape\": [2, 2], \"values\": [0.1, 1, -2.5, 1e-10]}\n}\n");
}

TEST_CASE("hostile JSON weights are refused with their place") {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"",
       "w: expected JSON, found parse error at line 1, column 1: syntax error while parsing value "
       "- "
       "unexpected end of input; expected '[', '{', or a literal"},
      {"[]", "w: expected an object, found []"},
      {R"({"a": [1], "a": [2]})", "w: expected every key once, found 'a' twice"},
      {R"({"a": [[1, 2], [3]]})", "w.a: expected lists of equal lengths, found [[1,2],[3]]"},
      {R"({"a": [[1, 2], 3]})", "w.a: expected lists of equal lengths, found [[1,2],3]"},
      {R"({"a": [1, [2]]})", "w.a: expected numbers, found [1,[2]]"},
      {R"({"a": ["1"]})", "w.a: expected numbers, found [\"1\"]"},
      {R"({"a": null})", "w.a: expected numbers, found null"},
      {R"({"a": [1e39]})", "w.a: expected numbers within the range of F32, found [1e+39]"},
      {R"({"a": [1e400]})", "w: expected JSON, found number overflow parsing '1e400'"},
      {R"({"a": [NaN]})",
       "w: expected JSON, found parse error at line 1, column 8: syntax error while parsing value "
       "- invalid literal; last read: '\"a\": [N'"},
      {R"({"a": {"shape": [2], "values": [1]}})",
       "w.a.values: expected 2 numbers for [2], found 1"},
      {R"({"a": {"shape": [-1], "values": [1]}})",
       "w.a.shape: expected sizes of zero or more and a product below 2^63, found [-1]"},
      {R"({"a": {"shape": [4294967296, 4294967296], "values": []}})",
       "w.a.shape: expected sizes of zero or more and a product below 2^63, found "
       "[4294967296,4294967296]"},
      {R"({"a": {"shape": [1], "values": [1], "type": "f32"}})",
       "w.a: expected no keys but shape, values, found 'type'"},
      {R"({"a": {"values": [1]}})", "w.a: expected a key 'shape', found none"},
      {R"({"a": {"shape": [1], "values": 1}})", "w.a.values: expected a list of numbers, found 1"},
      {R"({"a": [[[[[[[[[1]]]]]]]]]})",
       "w.a: expected lists in at most 8 levels, found [[[[[[[[[1]]]]]]]]]"},
      {"{\"a\": " + std::string(100000, '['), "w: expected JSON of at most 64 levels, found more"},
  };
  for (const auto& [json, message] : cases) {
    const std::string shown = json.substr(0, 100);
    CAPTURE(shown);
    const std::string& text = json;
    CHECK(folder.message([&] { parse_json_weights("w", text); }) == message);
  }
}
