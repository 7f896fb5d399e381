// What torch.save wrote, read back value by value.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "engine/weights.hpp"
#include "tests/engine/weights/torch_files.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

std::filesystem::path torch_golden(const std::string& name) {
  return source_path("tests/goldens/formats/torch/" + name);
}

std::vector<float> torch_values(const Weights& weights, const std::string& name) {
  const Tensor tensor = weights.f32(name);
  return {tensor.values().begin(), tensor.values().end()};
}

const std::vector<std::string> torch_forms{"odd.zip.bin", "odd.protocol4.bin", "odd.legacy.bin"};

const std::string four_floats = little(0x3f800000, 4) + little(0x40000000, 4) +
                                little(0x40400000, 4) + little(0x40800000, 4);  // 1, 2, 3, 4

}  // namespace

TEST_CASE(
    "every type and every way to lie in a storage is read as PyTorch reads it, in both "
    "torch_forms") {
  const Weights expected = open_safetensors(torch_golden("odd.safetensors"));
  for (const std::string& form : torch_forms) {
    CAPTURE(form);
    const Weights weights = open_torch(torch_golden(form));
    CHECK(weights.size() == expected.size() + 6);  // with those of integers
    for (const std::string& name : expected.names()) {
      CAPTURE(name);
      REQUIRE(weights.contains(name));
      CHECK(weights.at(name).shape == expected.at(name).shape);
      CHECK(torch_values(weights, name) == torch_values(expected, name));
    }
    CHECK(weights.at("half").type == DataType::f16);
    CHECK(weights.at("brain").type == DataType::bf16);
    CHECK(weights.at("double").type == DataType::f64);
  }
}

TEST_CASE("tensors of integers are kept by their types, and are no floating-point values") {
  const std::vector<std::pair<std::string, DataType>> types{
      {"i64", DataType::i64}, {"i32", DataType::i32}, {"i16", DataType::i16},
      {"i8", DataType::i8},   {"u8", DataType::u8},   {"boolean", DataType::boolean}};
  for (const std::string& form : torch_forms) {
    const Weights weights = open_torch(torch_golden(form));
    for (const auto& [name, type] : types) {
      const auto bytes = weights.load(name);
      const StoredTensor& stored = weights.at(name);
      CHECK(stored.type == type);
      CHECK(stored.shape == Shape{2, 3});
      CHECK(bytes[static_cast<size_t>(size_of(type))] == std::byte{1});  // the second value
      CHECK_THROWS(weights.f32(name));
    }
  }
}

TEST_CASE("tensors that share a storage share its bytes, and those in order are not copied") {
  for (const std::string& form : torch_forms) {
    const Weights weights = open_torch(torch_golden(form));
    const StoredTensor &whole = weights.at("shared_whole"), &rows = weights.at("shared_rows"),
                       &columns = weights.at("shared_columns");
    CHECK(rows.place.data() == whole.place.data() + 2 * 8 * sizeof(float));
    CHECK(columns.place.data() == whole.place.data() + sizeof(float));
    CHECK(rows.strides.empty());
    CHECK(columns.strides == std::vector<int64_t>{8, 1});
    CHECK(weights.at("one_wide").strides.empty());  // the stride of an axis of one says nothing
    CHECK(weights.at("nothing").place.empty());
  }
}

TEST_CASE("an archive with zip64's records and fields is read") {
  const TemporaryFolder folder;
  const std::string pickle =
      pickled::state("a", pickled::tensor(pickled::storage("FloatStorage", "0", 4), 1,
                                          pickled::sizes({3}), pickled::sizes({1})));
  RawEntry storage{"a/data/0", four_floats};
  storage.is64 = true;
  const RawZip zip({{"a/data.pkl", pickle}, storage});
  for (const std::string& bytes : {zip.bytes(), zip.bytes64(), torch_zip(pickle, four_floats)}) {
    CHECK(torch_values(open_torch(folder.write("x", bytes)), "a") == std::vector<float>{2, 3, 4});
  }
}

TEST_CASE("an untyped storage holds bytes, and torch.Size is a list of sizes") {
  const TemporaryFolder folder;
  const std::string untyped =
      pickled::tuple(pickled::text("storage") + pickled::global("torch.storage", "UntypedStorage") +
                     pickled::text("0") + pickled::text("cpu") + pickled::integer(16));
  const std::string size =
      pickled::global("torch", "Size") + pickled::tuple(pickled::sizes({2, 8})) + "R";
  const auto weights = open_torch(folder.write(
      "x", torch_zip(
               pickled::state("a", pickled::tensor(untyped + "Q", 0, size, pickled::sizes({8, 1}))),
               four_floats)));
  CHECK(weights.at("a").type == DataType::u8);
  CHECK(weights.at("a").shape == Shape{2, 8});
}

TEST_CASE("the dict that Python 2 pickled has its pairs in a list") {
  const TemporaryFolder folder;
  const std::string tensor = pickled::tensor(pickled::storage("FloatStorage", "7", 4), 0,
                                             pickled::sizes({4}), pickled::sizes({1}));
  const std::string name = std::string("U\x01") + "a";
  const std::string state = pickled::whole(pickled::global("collections", "OrderedDict") + "(](](" +
                                           name + tensor + "eetR");
  const auto weights = open_torch(folder.write("x", torch_legacy(state, {{"7", 4, four_floats}})));
  CHECK(torch_values(weights, "a") == std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("shards are opened by their index, and a missing one is named") {
  const auto index = torch_golden("nezha/pretraining/pytorch_model.bin.index.json");
  const Weights weights = open_torch(index);
  const Weights expected =
      open_safetensors(source_path("tests/goldens/models/nezha/pretraining/model.safetensors"));
  CHECK(weights.size() == expected.size() + 1);
  for (const std::string& name : expected.names()) {
    CHECK(torch_values(weights, name) == torch_values(expected, name));
  }
  const TemporaryFolder folder;
  const std::string first = "pytorch_model-00001-of-00002.bin";
  folder.write("x.index.json", read_text(index));
  folder.write(first, read_text(torch_golden("nezha/pretraining/" + first)));
  CHECK(folder.message([&] { open_torch(folder / "x.index.json"); }) ==
        "pytorch_model-00002-of-00002.bin: expected a readable file, found No such file or "
        "directory");
}
