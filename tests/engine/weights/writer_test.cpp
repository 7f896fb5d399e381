#include <doctest/doctest.h>

#include <cstring>
#include <fstream>
#include <vector>

#include "base/error.hpp"
#include "base/json/values.hpp"
#include "engine/weights.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::map<std::string, Tensor> one(std::string name, Shape shape, std::vector<float> values) {
  std::map<std::string, Tensor> tensors;
  tensors.emplace(std::move(name), Tensor(std::move(shape), values));
  return tensors;
}

std::vector<float> read(const std::filesystem::path& path, std::string_view name) {
  const auto tensor = open_safetensors(path).f32(name);
  return {tensor.values().begin(), tensor.values().end()};
}

}  // namespace

TEST_CASE("a written file has sorted names, metadata, padding of spaces and aligned data") {
  const TemporaryFolder folder;
  auto tensors = one("b", {1, 2}, {1.0f, -0.5f});
  tensors.merge(one("a", {3}, {1, 2, 3}));
  save_safetensors(folder / "x", tensors, {.metadata = {{"format", "pt"}}});
  const auto bytes = contents(folder / "x");
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  CHECK(length % 8 == 0);
  const auto header = nlohmann::json::parse(bytes.substr(8, length));
  CHECK(header == nlohmann::json::parse(R"({"__metadata__":{"format":"pt"},
      "a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},
      "b":{"dtype":"F32","shape":[1,2],"data_offsets":[12,20]}})"));
  CHECK(bytes.size() == 8 + length + 20);
  CHECK(read(folder / "x", "b") == std::vector<float>{1.0f, -0.5f});
}

TEST_CASE("values are rounded to f16 and bf16, f32 is kept") {
  const TemporaryFolder folder;
  const std::vector<float> values{0.1f, 2049.0f, 1.00390625f, 1e-7f};
  const auto tensors = one("a", {4}, values);
  save_safetensors(folder / "f32", tensors);
  save_safetensors(folder / "f16", tensors, {.type = DataType::f16, .metadata = {}});
  save_safetensors(folder / "bf16", tensors, {.type = DataType::bf16, .metadata = {}});
  CHECK(read(folder / "f32", "a") == values);
  CHECK(read(folder / "f16", "a") ==
        std::vector<float>{0.0999755859375f, 2048, 1.00390625f, 0x1p-23f});
  CHECK(read(folder / "bf16", "a") == std::vector<float>{0.10009765625f, 2048, 1, 1.00117177e-07f});
  CHECK(open_safetensors(folder / "bf16").at("a").type == DataType::bf16);
}

TEST_CASE("what could not be read back is not written, and the old file stays") {
  const TemporaryFolder folder;
  save_safetensors(folder / "x", one("a", {1}, {7}));
  const auto save = [&](float value, DataType type) {
    return folder.message([&] {
      save_safetensors(folder / "x", one("a", {2}, {0, value}), {type, {}});
    });
  };
  CHECK(save(70000, DataType::f16) ==
        "a: expected values within the range of F16, found 70000.000000 at index 1");
  CHECK(save(std::numeric_limits<float>::max(), DataType::bf16) ==
        "a: expected values within the range of BF16, found "
        "340282346638528859811704183484516925440.000000 at index 1");
  CHECK(save(std::numeric_limits<float>::infinity(), DataType::f32) ==
        "a: expected finite values, found inf at index 1");
  CHECK(save(1, DataType::i8) == "x: expected F32, F16 or BF16 to write, found I8");
  CHECK(read(folder / "x", "a") == std::vector<float>{7});
  CHECK(std::distance(std::filesystem::directory_iterator(folder / ""), {}) == 1);
}

TEST_CASE("an index is that of the whole tensor, however large") {
  const TemporaryFolder folder;
  std::vector<float> values(600'000);
  values[500'123] = 70000;
  const auto tensors = one("a", {600'000}, values);
  CHECK(folder.message([&] { save_safetensors(folder / "x", tensors, {.type = DataType::f16}); }) ==
        "a: expected values within the range of F16, found 70000.000000 at index 500123");
}

TEST_CASE("a writing may be given up, and nothing is left of it") {
  const TemporaryFolder folder;
  const auto tensors = one("a", {5, 1 << 20}, std::vector<float>(5 << 20));
  int asked = 0;
  const auto refuse_third = [&] {
    if (++asked == 3) throw Error::cancellation();
  };
  CHECK_THROWS_AS(save_safetensors(folder / "x", tensors, {.check = refuse_third}), Error);
  CHECK(asked == 3);
  CHECK(std::filesystem::is_empty(folder / ""));
  save_safetensors(folder / "x", tensors, {.check = [&] { ++asked; }});
  CHECK(asked == 8);
}

TEST_CASE("a place that cannot be written is named") {
  const TemporaryFolder folder;
  CHECK(folder.message([&] { save_safetensors(folder / "no/x", one("a", {1}, {7})); }) ==
        "no/x: expected a file that can be written, found No such file or directory");
}
