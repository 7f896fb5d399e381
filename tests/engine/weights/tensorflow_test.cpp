// What TensorFlow's Saver wrote, read back, and what is refused.
#include <doctest/doctest.h>

#include <bit>
#include <string>

#include "engine/weights.hpp"
#include "engine/weights/formats/crc32c.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

std::filesystem::path tensorflow_golden(const std::string& name) {
  return source_path("tests/goldens/formats/tensorflow/" + name);
}

uint32_t sum_of(std::string_view text) { return weights::crc32c(std::as_bytes(std::span(text))); }

const std::string index_name = "bert_model.ckpt.index";
const std::string data_name = "bert_model.ckpt.data-00000-of-00001";

/// The smallest of the golden checkpoints, open to changes.
struct Checkpoint {
  std::string index = read_text(tensorflow_golden("roformer/narrow/" + index_name));
  std::string data = read_text(tensorflow_golden("roformer/narrow/" + data_name));

  std::filesystem::path write(const TemporaryFolder& folder) const {
    folder.write(data_name, data);
    return folder.write(index_name, index);
  }
};

void read_all_variables(const std::filesystem::path& index) {
  const Weights weights = open_tensorflow(index);
  for (const std::string& name : weights.names()) {
    if (weights.at(name).type == DataType::f32) weights.f32(name);
  }
}

}  // namespace

TEST_CASE("CRC-32C has the values of RFC 3720") {
  CHECK(sum_of(std::string(32, '\0')) == 0x8a9136aa);
  CHECK(sum_of(std::string(32, '\xff')) == 0x62a8ab43);
  std::string rising, falling;
  for (int i = 0; i < 32; ++i) {
    rising += static_cast<char>(i);
    falling += static_cast<char>(31 - i);
  }
  CHECK(sum_of(rising) == 0x46dd794e);
  CHECK(sum_of(falling) == 0x113fdb5c);
  CHECK(sum_of("123456789") == 0xe3069283);
  CHECK(sum_of("") == 0);
}

TEST_CASE("a checkpoint has its variables by name, type and shape") {
  const Weights weights = open_tensorflow(tensorflow_golden("bert/pretraining/" + index_name));
  CHECK(weights.at("global_step").type == DataType::i64);
  CHECK(weights.at("global_step").shape.empty());
  CHECK(weights.load("global_step")[0] == std::byte{1000 & 0xff});
  CHECK(weights.at("bert/encoder/layer_0/intermediate/dense/kernel").shape == Shape{20, 27});
  CHECK(weights.at("bert/encoder/layer_0/output/dense/bias/adam_m").shape == Shape{20});
  const Tensor bias = weights.f32("cls/predictions/output_bias");
  const Weights original =
      open_safetensors(source_path("tests/goldens/models/bert/pretraining/model.safetensors"));
  const Tensor expected = original.f32("cls.predictions.bias");
  CHECK(std::ranges::equal(bias.values(), expected.values()));
}

TEST_CASE("a variable is read once, for its checksum and for its values") {
  const TemporaryFolder folder;
  const Weights weights = open_tensorflow(Checkpoint().write(folder));
  const std::string name = "bert/embeddings/LayerNorm/gamma";
  const Tensor first = weights.f32(name);
  CHECK(first.count() > 0);
  folder.write(data_name, "");
  const Tensor second = weights.f32(name);
  CHECK(std::ranges::equal(second.values(), first.values()));
  weights.release(name);
}

TEST_CASE("a checkpoint in several files of data is one, and a missing file is named") {
  const Weights weights = open_tensorflow(tensorflow_golden("nezha/pretraining/" + index_name));
  CHECK(weights.size() > 30);
  for (const std::string& name : weights.names()) {
    if (weights.at(name).type == DataType::f32) weights.f32(name);
  }
  const TemporaryFolder folder;
  const std::string first = "bert_model.ckpt.data-00000-of-00002";
  folder.write(first, read_text(tensorflow_golden("nezha/pretraining/" + first)));
  const auto index =
      folder.write(index_name, read_text(tensorflow_golden("nezha/pretraining/" + index_name)));
  CHECK(folder.message([&] { open_tensorflow(index); }) ==
        "bert_model.ckpt.data-00001-of-00002: expected a readable file, found No such file or "
        "directory");
}

TEST_CASE("an index that is cut at any byte is refused in one line") {
  const Checkpoint whole;
  const TemporaryFolder folder;
  whole.write(folder);
  for (size_t size = 0; size < whole.index.size(); ++size) {
    const auto index = folder.write(index_name, whole.index.substr(0, size));
    const std::string message = folder.message([&] { read_all_variables(index); });
    CAPTURE(size);
    CHECK(message.starts_with(index_name + ": expected "));
    CHECK(message.find('\n') == std::string::npos);
  }
}

TEST_CASE("data that are cut at any byte are refused in one line") {
  const Checkpoint whole;
  const TemporaryFolder folder;
  const auto index = whole.write(folder);
  for (size_t size = 0; size < whole.data.size(); size += 1 + size / 64) {
    folder.write(data_name, whole.data.substr(0, size));
    const std::string message = folder.message([&] { read_all_variables(index); });
    CAPTURE(size);
    CHECK(message.starts_with(index_name + ": "));
    CHECK(message.find("found a file of " + std::to_string(size)) != std::string::npos);
  }
}

TEST_CASE("a byte that changed anywhere in an index or in its data is refused") {
  const Checkpoint whole;
  const TemporaryFolder folder;
  whole.write(folder);
  int silent = 0;
  for (size_t place = 0; place < whole.index.size(); ++place) {
    std::string changed = whole.index;
    changed[place] = static_cast<char>(changed[place] ^ 0x10);
    const auto index = folder.write(index_name, changed);
    const std::string message = folder.message([&] { read_all_variables(index); });
    CHECK(message.find('\n') == std::string::npos);
    silent += message == "no error";
  }
  CHECK(silent <= 36);  // the footer's padding
  const auto index = whole.write(folder);
  for (size_t place = 0; place < whole.data.size(); place += 97) {
    std::string changed = whole.data;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    folder.write(data_name, changed);
    CHECK(folder.message([&] { read_all_variables(index); }).find("stored checksum") !=
          std::string::npos);
  }
}
