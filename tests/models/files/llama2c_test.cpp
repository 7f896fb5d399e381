#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <numeric>
#include <vector>

#include "base/json/values.hpp"
#include "engine/weights.hpp"
#include "models/llama2c.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace locus;
using namespace locus::tests;

namespace {

using Header = std::array<int32_t, 7>;

// D 4, F 3, L 2, H 2, G 1, V 5 (shared), context 6: d 2.
constexpr Header small{4, 3, 2, 2, 1, 5, 6};
constexpr size_t small_count = 5 * 4 +                        // token embedding
                               2 * (4 + 4 * 4 + 2 * 2 * 4 +   // norm, q, k and v
                                    4 * 4 + 4 + 3 * 3 * 4) +  // o, norm, three projections
                               4 +
                               2 * 6;  // norm, cosines and sines

std::string bytes_of(const Header& header, size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 0.0f);
  std::string bytes(reinterpret_cast<const char*>(header.data()), sizeof header);
  return bytes.append(reinterpret_cast<const char*>(values.data()), count * sizeof(float));
}

std::vector<float> values_of(const Tensor& tensor) {
  return {tensor.values().begin(), tensor.values().end()};
}

std::vector<float> from(float first, size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), first);
  return values;
}

}  // namespace

TEST_CASE("arrays of a llama2.c file come in its order, layer by layer") {
  const TemporaryFolder folder;
  const auto checkpoint = read_llama2c(folder.write("m.bin", bytes_of(small, small_count)));
  const auto& tensors = checkpoint.tensors;
  CHECK(checkpoint.config.shares_output);
  CHECK(tensors.size() == 2 + 2 * 9);
  CHECK(values_of(tensors.at("model.embed_tokens.weight")) == from(0, 20));
  CHECK(values_of(tensors.at("model.layers.1.input_layernorm.weight")) == from(24, 4));
  // q starts at 28, k at 60, v at 76, o at 92, norm at 124, gate at 132, down at 156, up at 180.
  CHECK(tensors.at("model.layers.1.self_attn.v_proj.weight").shape() == Shape{2, 4});
  CHECK(values_of(tensors.at("model.layers.1.self_attn.v_proj.weight")) == from(84, 8));
  CHECK(values_of(tensors.at("model.layers.0.self_attn.o_proj.weight")) == from(92, 16));
  CHECK(values_of(tensors.at("model.layers.0.post_attention_layernorm.weight")) == from(124, 4));
  CHECK(values_of(tensors.at("model.layers.1.mlp.gate_proj.weight")) == from(144, 12));
  CHECK(tensors.at("model.layers.1.mlp.down_proj.weight").shape() == Shape{4, 3});
  CHECK(values_of(tensors.at("model.layers.1.mlp.down_proj.weight")) == from(168, 12));
  CHECK(values_of(tensors.at("model.layers.1.mlp.up_proj.weight")) == from(192, 12));
  CHECK(values_of(tensors.at("model.norm.weight")) == from(204, 4));
}

TEST_CASE("rows of queries and keys go from pairs to halves, keys by their own heads") {
  const TemporaryFolder folder;
  // D 8, H 2, G 1: d 4; rows of 8 values.
  const Header header{8, 1, 1, 2, 1, 1, 1};
  const size_t count = 8 + 8 + 64 + 32 + 32 + 64 + 8 + 24 + 8 + 4;
  const auto checkpoint = read_llama2c(folder.write("m.bin", bytes_of(header, count)));
  const auto first_of_rows = [&](const char* name) {
    const auto& tensor = checkpoint.tensors.at(name);
    std::vector<float> rows;
    for (int64_t row = 0; row < tensor.shape()[0]; ++row) rows.push_back(tensor.view()(row, 0));
    return rows;
  };
  CHECK(first_of_rows("model.layers.0.self_attn.q_proj.weight") ==
        std::vector<float>{16, 32, 24, 40, 48, 64, 56, 72});
  CHECK(first_of_rows("model.layers.0.self_attn.k_proj.weight") ==
        std::vector<float>{80, 96, 88, 104});
  CHECK(first_of_rows("model.layers.0.self_attn.v_proj.weight") ==
        std::vector<float>{112, 120, 128, 136});
}

TEST_CASE("a negative vocabulary says that a classifier follows the tables") {
  const TemporaryFolder folder;
  auto header = small;
  header[5] = -5;
  const auto path = folder.write("m.bin", bytes_of(header, small_count + 20));
  const auto checkpoint = read_llama2c(path);
  CHECK_FALSE(checkpoint.config.shares_output);
  CHECK(checkpoint.config.vocabulary == 5);
  CHECK(values_of(checkpoint.tensors.at("lm_head.weight")) == from(small_count, 20));
}

TEST_CASE("a hostile llama2.c file is refused with what is wrong") {
  const TemporaryFolder folder;
  const auto message = [&](const Header& header, size_t count) {
    const auto path = folder.write("m", bytes_of(header, count));
    return folder.message([&] { read_llama2c(path); });
  };
  const auto changed = [&](size_t index, int32_t value) {
    auto header = small;
    header[index] = value;
    return message(header, small_count);
  };
  CHECK(folder.message([&] { read_llama2c(folder.write("m", "abc")); }) ==
        "m: expected a llama2.c file of at least 28 bytes, found 3");
  CHECK(message(small, small_count - 1) == "m: expected 48 more bytes for [2, 6, 1], found 44");
  CHECK(message(small, small_count + 1) == "m: expected no bytes after its arrays, found 4");
  CHECK(changed(0, 0) == "m: expected sizes from 1 to 2^20 in its header, found 0");
  CHECK(changed(1, -3) == "m: expected sizes from 1 to 2^20 in its header, found -3");
  CHECK(changed(2, 0) == "m: expected 1 to 1024 layers, found 0");
  CHECK(changed(2, 1'000'000) == "m: expected 1 to 1024 layers, found 1000000");
  CHECK(changed(0, 6) == "m: expected a width that is an even multiple of 2 heads, found 6");
  CHECK(changed(4, 3) == "m: expected key heads that divide 2 heads, found 3");
  CHECK(changed(5, std::numeric_limits<int32_t>::min()) ==
        "m: expected sizes from 1 to 2^20 in its header, found 2147483648");
  CHECK(message({1 << 20, 1 << 20, 1 << 10, 1, 1, 1 << 20, 1 << 20}, 10) ==
        "m: expected 4398046511104 more bytes for [1048576, 1048576], found 40");
}

TEST_CASE("stories260K converts into a Hugging Face folder with its sizes") {
  const auto data = shared_path("data/models/stories260K/stories260K.bin");
  if (!data) return;
  const TemporaryFolder folder;
  convert_llama2c(*data, folder / "out/model");
  std::ifstream stream(folder / "out/model/config.json");
  const auto config = nlohmann::json::parse(stream);
  CHECK(config.at("architectures") == nlohmann::json{"LlamaForCausalLM"});
  CHECK(config.at("hidden_size") == 64);
  CHECK(config.at("intermediate_size") == 172);
  CHECK(config.at("num_hidden_layers") == 5);
  CHECK(config.at("num_attention_heads") == 8);
  CHECK(config.at("num_key_value_heads") == 4);
  CHECK(config.at("vocab_size") == 512);
  CHECK(config.at("tie_word_embeddings") == true);
  CHECK(config.at("rms_norm_eps") == 1e-5);
  const auto weights = open_safetensors(folder / "out/model/model.safetensors");
  CHECK(weights.size() == 2 + 5 * 9);
  int64_t values = 0;
  for (const auto& name : weights.names()) values += weights.f32(name).count();
  CHECK(values == 260'032);  // what the model is named after
}
