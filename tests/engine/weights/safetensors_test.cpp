#include <doctest/doctest.h>

#include <cstring>
#include <vector>

#include "engine/weights.hpp"
#include "tests/engine/weights/files.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/values.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

template <typename T>
std::string bytes_of(std::vector<T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

TEST_CASE("tensors of every floating-point type are read as f32, wherever they lie") {
  const TemporaryFolder folder;
  // One byte in front leaves every other tensor unaligned.
  const std::string data = "\x07" + bytes_of<float>({1.5f, -2.25f}) +
                           bytes_of<uint16_t>({0x3c00, 0xc000}) +
                           bytes_of<uint16_t>({0x3f80, 0xc000}) + bytes_of<double>({0.1});
  const auto path = folder.write("x.safetensors", raw_safetensors(R"({
      "byte":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
      "f32":{"dtype":"F32","shape":[1,2],"data_offsets":[1,9]},
      "f16":{"dtype":"F16","shape":[2,1],"data_offsets":[9,13]},
      "bf16":{"dtype":"BF16","shape":[2],"data_offsets":[13,17]},
      "f64":{"dtype":"F64","shape":[],"data_offsets":[17,25]}})",
                                                                  data));
  const auto weights = open_safetensors(path);
  CHECK(weights.names() == std::vector<std::string>{"bf16", "byte", "f16", "f32", "f64"});
  CHECK(weights.at("byte").type == DataType::u8);
  CHECK(weights.f32("f32").shape() == Shape{1, 2});
  CHECK(values_of(weights.f32("f32")) == std::vector<float>{1.5f, -2.25f});
  CHECK(values_of(weights.f32("f16")) == std::vector<float>{1, -2});
  CHECK(values_of(weights.f32("bf16")) == std::vector<float>{1, -2});
  CHECK(weights.f32("f64").shape().empty());
  CHECK(values_of(weights.f32("f64")) == std::vector<float>{0.1f});
  CHECK(folder.message([&] { weights.f32("byte"); }) ==
        "byte: expected floating-point values, found U8");
}

TEST_CASE("empty tensors and an empty collection are fine") {
  const TemporaryFolder folder;
  CHECK(open_safetensors(folder.write("x", raw_safetensors("{}      ", ""))).size() == 0);
  const auto weights = open_safetensors(folder.write(
      "y", raw_safetensors(R"({"a":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]},)"
                           R"("b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                           R"("c":{"dtype":"F32","shape":[2,0],"data_offsets":[4,4]}})",
                           bytes_of<float>({3}))));
  CHECK(weights.f32("a").shape() == Shape{0, 3});
  CHECK(weights.f32("c").empty());
  CHECK(values_of(weights.f32("b")) == std::vector<float>{3});
  weights.release("a");
}

TEST_CASE("values that are not finite are refused with their place") {
  const TemporaryFolder folder;
  std::vector<float> values(3000, 1.0f);
  values[2500] = -std::numeric_limits<float>::infinity();
  const auto infinite = folder.write(
      "x", raw_safetensors(R"({"a":{"dtype":"F32","shape":[3000],"data_offsets":[0,12000]}})",
                           bytes_of(values)));
  CHECK(folder.message([&] { open_safetensors(infinite).f32("a"); }) ==
        "a: expected finite values, found -inf at index 2500");
  const auto nan =
      folder.write("y", raw_safetensors(R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})",
                                        bytes_of<uint16_t>({0, 0x7e00})));
  CHECK(folder.message([&] { open_safetensors(nan).f32("a"); }) ==
        "a: expected finite values, found nan at index 1");
  const auto large =
      folder.write("z", raw_safetensors(R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})",
                                        bytes_of<double>({1e300})));
  CHECK(folder.message([&] { open_safetensors(large).f32("a"); }) ==
        "a: expected finite values, found inf at index 0");
}

TEST_CASE("a released tensor reads the same again, and so do its neighbours") {
  const TemporaryFolder folder;
  std::map<std::string, Tensor> tensors;
  for (const char* name : {"a", "b", "c"}) {
    Tensor tensor({50, 70});
    for (int64_t i = 0; i < tensor.count(); ++i) tensor.data()[i] = static_cast<float>(i + *name);
    tensors.emplace(name, std::move(tensor));
  }
  save_safetensors(folder / "x.safetensors", tensors);
  auto weights = open_safetensors(folder / "x.safetensors");
  weights.add("own", tensors.at("a").clone());
  for (const auto& name : weights.names()) weights.release(name);
  for (const auto& [name, tensor] : tensors) {
    CHECK(values_of(weights.f32(name)) == values_of(tensor));
  }
  CHECK(values_of(weights.f32("own")) == values_of(tensors.at("a")));
}

TEST_CASE("a copy keeps the mapping alive") {
  const TemporaryFolder folder;
  save_safetensors(folder / "x", [] {
    std::map<std::string, Tensor> tensors;
    tensors.emplace("a", Tensor({2}, std::vector<float>{4, 5}));
    return tensors;
  }());
  Weights copy;
  {
    const auto weights = open_safetensors(folder / "x");
    copy.merge(weights);
  }
  std::filesystem::remove(folder / "x");
  CHECK(values_of(copy.f32("a")) == std::vector<float>{4, 5});
}

TEST_CASE("names are taken once, and a name that is absent brings close ones to mind") {
  const TemporaryFolder folder;
  Weights weights;
  weights.add("encoder.layer.0.output.dense.weight", Tensor(Shape{1}));
  weights.add("encoder.layer.1.output.dense.weight", Tensor(Shape{1}));
  weights.add("pooler.dense.bias", Tensor(Shape{1}));
  CHECK(folder.message([&] { weights.add("pooler.dense.bias", Tensor(Shape{1})); }) ==
        "pooler.dense.bias: expected one weight of this name, found two");
  Weights other;
  other.add("first", Tensor(Shape{1}));
  other.add("pooler.dense.bias", Tensor(Shape{1}));
  CHECK(folder.message([&] { weights.merge(other); }) ==
        "pooler.dense.bias: expected one weight of this name, found two");
  CHECK_FALSE(weights.contains("first"));  // all or nothing
  CHECK(folder.message([&] { weights.at("bert.pooler.dense.bias"); }) ==
        "bert.pooler.dense.bias: expected a weight of this name, found none (close: "
        "pooler.dense.bias)");
  CHECK(folder.message([&] { weights.at("encoder.layer.0.output.dense.wieght"); }) ==
        "encoder.layer.0.output.dense.wieght: expected a weight of this name, found none (close: "
        "encoder.layer.0.output.dense.weight, encoder.layer.1.output.dense.weight)");
  CHECK(folder.message([&] { weights.f32("x"); }) ==
        "x: expected a weight of this name, found none");
}

TEST_CASE("an index brings the tensors of its shards together") {
  const TemporaryFolder folder;
  const auto save = [&](const char* file, const char* name, float value) {
    std::map<std::string, Tensor> tensors;
    tensors.emplace(name, Tensor({1}, std::vector<float>{value}));
    save_safetensors(folder / file, tensors);
  };
  save("m-1.safetensors", "a", 1);
  save("m-2.safetensors", "b", 2);
  const auto index = folder.write(
      "m.safetensors.index.json",
      R"({"metadata":{"total_size":8},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}})");
  const auto weights = open_safetensors(index);
  CHECK(weights.size() == 2);
  CHECK(values_of(weights.f32("b")) == std::vector<float>{2});
  std::map<std::string, Tensor> both;  // a copy of what the index gives to another file is stale
  both.emplace("a", Tensor({1}, std::vector<float>{3}));
  both.emplace("b", Tensor({1}, std::vector<float>{4}));
  save_safetensors(folder / "m-2.safetensors", both);
  const auto again = open_safetensors(index);
  CHECK(values_of(again.f32("a")) == std::vector<float>{1});
  CHECK(values_of(again.f32("b")) == std::vector<float>{4});
}

TEST_CASE("an index that leads out of its folder, or astray, is refused") {
  const TemporaryFolder folder;
  std::map<std::string, Tensor> tensors;
  tensors.emplace("a", Tensor(Shape{1}));
  save_safetensors(folder / "m.safetensors", tensors);
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"weight_map":{"a":"../m.safetensors"}})",
       "i.index.json.weight_map.a: expected a file name without a folder, found "
       "'../m.safetensors'"},
      {R"({"weight_map":{"a":"/etc/passwd"}})",
       "i.index.json.weight_map.a: expected a file name without a folder, found '/etc/passwd'"},
      {R"({"weight_map":{"a":".."}})",
       "i.index.json.weight_map.a: expected a file name without a folder, found '..'"},
      {R"({"weight_map":{"a":"s\\m"}})",
       "i.index.json.weight_map.a: expected a file name without a folder, found 's\\m'"},
      {R"({"weight_map":{"a":""}})",
       "i.index.json.weight_map.a: expected a file name without a folder, found ''"},
      {R"({"weight_map":{"a":3}})", "i.index.json.weight_map.a: expected a text, found 3"},
      {R"({"weight_map":{"a":"n.safetensors"}})",
       "n.safetensors: expected a readable file, found No such file or directory"},
      {R"({"weight_map":{"a":"m.safetensors","b":"m.safetensors"}})",
       "i.index.json: expected 'b' in m.safetensors, found no such tensor there"},
      {R"({"weight_map":{"a":"m.safetensors","a":"m.safetensors"}})",
       "i.index.json: expected every key once, found 'a' twice"},
      {R"({"weights":{}})",
       "i.index.json: expected no keys but metadata, weight_map, found 'weights'"},
      {R"({})", "i.index.json: expected a key 'weight_map', found none"},
      {R"([])", "i.index.json: expected an object, found []"},
  };
  for (const auto& [json, message] : cases) {
    const auto& shown = json;
    CAPTURE(shown);
    const auto path = folder.write("i.index.json", json);
    CHECK(folder.message([&] { open_safetensors(path); }) == message);
  }
}
