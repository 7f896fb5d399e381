#include "models/llama2c.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/json/values.hpp"
#include "base/new_file.hpp"
#include "engine/weights.hpp"

namespace locus {
namespace {

constexpr size_t header_numbers = 7;
constexpr size_t header_bytes = header_numbers * sizeof(int32_t);
// Far beyond any real model, and small enough that L times two sizes does not overflow.
constexpr int64_t max_size = 1 << 20;
constexpr int64_t max_layers = 1 << 10;

[[noreturn]] void refuse(const std::string& who, std::string_view expected, int64_t found) {
  throw Error(who, expected, std::to_string(found));
}

void check(const std::string& who, const Llama2cConfig& config) {
  const std::array<int64_t, 6> sizes{config.width,    config.ffn_width,  config.heads,
                                     config.kv_heads, config.vocabulary, config.context};
  for (int64_t size : sizes) {
    if (size < 1 || size > max_size) refuse(who, "sizes from 1 to 2^20 in its header", size);
  }
  if (config.layers < 1 || config.layers > max_layers) {
    refuse(who, "1 to 1024 layers", config.layers);
  }
  if (config.width % (2 * config.heads) != 0) {
    refuse(who, "a width that is an even multiple of " + std::to_string(config.heads) + " heads",
           config.width);
  }
  if (config.heads % config.kv_heads != 0) {
    refuse(who, "key heads that divide " + std::to_string(config.heads) + " heads",
           config.kv_heads);
  }
}

Llama2cConfig read_header(const std::string& who, std::span<const std::byte> bytes) {
  if (bytes.size() < header_bytes) {
    refuse(who, "a llama2.c file of at least 28 bytes", static_cast<int64_t>(bytes.size()));
  }
  std::array<int32_t, header_numbers> numbers;
  std::memcpy(numbers.data(), bytes.data(), header_bytes);
  Llama2cConfig config{.width = numbers[0],
                       .ffn_width = numbers[1],
                       .layers = numbers[2],
                       .heads = numbers[3],
                       .kv_heads = numbers[4],
                       .vocabulary = numbers[5],
                       .context = numbers[6],
                       .shares_output = numbers[5] > 0};
  // A negative vocabulary says that a classifier follows.
  if (!config.shares_output) config.vocabulary = -config.vocabulary;
  check(who, config);
  return config;
}

/// Takes arrays one after the other.
class ArrayReader {
 public:
  ArrayReader(std::string who, const FileBytes& file)
      : who_(std::move(who)), file_(file), rest_(file.bytes().subspan(header_bytes)) {}

  Tensor take(const Shape& shape) {
    const auto bytes = part(shape);
    Tensor tensor(shape);
    file_.copy(bytes, std::as_writable_bytes(tensor.values()));
    return tensor;
  }
  void skip(const Shape& shape) { part(shape); }
  void expect_end() const {
    if (!rest_.empty())
      refuse(who_, "no bytes after its arrays", static_cast<int64_t>(rest_.size()));
  }

 private:
  std::span<const std::byte> part(const Shape& shape) {
    const auto size = static_cast<size_t>(element_count(shape)) * sizeof(float);
    if (size > rest_.size()) {
      refuse(who_, std::to_string(size) + " more bytes for " + to_string(shape),
             static_cast<int64_t>(rest_.size()));
    }
    const auto bytes = rest_.first(size);
    rest_ = rest_.subspan(size);
    return bytes;
  }
  std::string who_;
  const FileBytes& file_;
  std::span<const std::byte> rest_;
};

/// Every array of the file; those of all layers lie in one.
Weights read_arrays(const Llama2cConfig& config, ArrayReader& reader) {
  const int64_t L = config.layers, D = config.width, F = config.ffn_width;
  const int64_t d = D / config.heads, kv = config.kv_heads * d;
  Weights arrays;
  arrays.add("token_embedding", reader.take({config.vocabulary, D}));
  arrays.add("input_layernorm", reader.take({L, D}));
  arrays.add("self_attn.q_proj", reader.take({L, D, D}));
  arrays.add("self_attn.k_proj", reader.take({L, kv, D}));
  arrays.add("self_attn.v_proj", reader.take({L, kv, D}));
  arrays.add("self_attn.o_proj", reader.take({L, D, D}));
  arrays.add("post_attention_layernorm", reader.take({L, D}));
  arrays.add("mlp.gate_proj", reader.take({L, F, D}));
  arrays.add("mlp.down_proj", reader.take({L, D, F}));
  arrays.add("mlp.up_proj", reader.take({L, F, D}));
  arrays.add("norm", reader.take({D}));
  reader.skip({2, config.context, d / 2});  // cosines and sines, which readers compute
  if (!config.shares_output) arrays.add("lm_head", reader.take({config.vocabulary, D}));
  return arrays;
}

WeightRef layer_part(const std::string& name, int64_t layer, Shape shape) {
  return {name, {slice(0, layer, layer + 1), reshape(std::move(shape))}};
}

// Row 2i + j of a head goes to j d/2 + i (j = 0, 1): Su et al. 2021 rotate neighbours, Hugging Face
// halves. Keys have `kv_heads` heads.
WeightRef rotary_part(const std::string& name, int64_t layer, const Llama2cConfig& config,
                      int64_t heads) {
  const int64_t D = config.width, d = D / config.heads;
  return {name,
          {slice(0, layer, layer + 1), reshape({heads, d / 2, 2, D}), permute({0, 2, 1, 3}),
           reshape({heads * d, D})}};
}

std::map<std::string, WeightRef> layer_refs(const Llama2cConfig& config, int64_t layer) {
  std::map<std::string, WeightRef> refs;
  const int64_t D = config.width, F = config.ffn_width;
  const int64_t kv = config.kv_heads * (D / config.heads);
  refs["self_attn.q_proj"] = rotary_part("self_attn.q_proj", layer, config, config.heads);
  refs["self_attn.k_proj"] = rotary_part("self_attn.k_proj", layer, config, config.kv_heads);
  refs["self_attn.v_proj"] = layer_part("self_attn.v_proj", layer, {kv, D});
  refs["self_attn.o_proj"] = layer_part("self_attn.o_proj", layer, {D, D});
  refs["mlp.gate_proj"] = layer_part("mlp.gate_proj", layer, {F, D});
  refs["mlp.up_proj"] = layer_part("mlp.up_proj", layer, {F, D});
  refs["mlp.down_proj"] = layer_part("mlp.down_proj", layer, {D, F});
  refs["input_layernorm"] = layer_part("input_layernorm", layer, {D});
  refs["post_attention_layernorm"] = layer_part("post_attention_layernorm", layer, {D});
  return refs;
}

std::map<std::string, Tensor> named_tensors(const Llama2cConfig& config, const Weights& arrays) {
  std::map<std::string, Tensor> tensors;
  tensors["model.embed_tokens.weight"] = arrays.f32("token_embedding");
  tensors["model.norm.weight"] = arrays.f32("norm");
  if (!config.shares_output) tensors["lm_head.weight"] = arrays.f32("lm_head");
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    const std::string prefix = "model.layers." + std::to_string(layer) + ".";
    for (const auto& [name, ref] : layer_refs(config, layer)) {
      tensors[prefix + name + ".weight"] = resolve(ref, arrays);
    }
  }
  return tensors;
}

// llama2.c's constants: epsilon 1e-5, base 10000, bos 1, eos 2.
std::string config_text(const Llama2cConfig& config) {
  const nlohmann::ordered_json json{{"architectures", {"LlamaForCausalLM"}},
                                    {"model_type", "llama"},
                                    {"hidden_size", config.width},
                                    {"intermediate_size", config.ffn_width},
                                    {"num_hidden_layers", config.layers},
                                    {"num_attention_heads", config.heads},
                                    {"num_key_value_heads", config.kv_heads},
                                    {"vocab_size", config.vocabulary},
                                    {"max_position_embeddings", config.context},
                                    {"hidden_act", "silu"},
                                    {"rms_norm_eps", 1e-5},
                                    {"rope_theta", 10000.0},
                                    {"attention_bias", false},
                                    {"mlp_bias", false},
                                    {"tie_word_embeddings", config.shares_output},
                                    {"bos_token_id", 1},
                                    {"eos_token_id", 2},
                                    {"torch_dtype", "float32"}};
  return json.dump(2) + "\n";
}

}  // namespace

Llama2cCheckpoint read_llama2c(const std::filesystem::path& path) {
  const FileBytes file(path);
  file.load(file.bytes().first(std::min(file.bytes().size(), header_bytes)));
  Llama2cCheckpoint checkpoint;
  checkpoint.config = read_header(path.string(), file.bytes());
  ArrayReader reader(path.string(), file);
  const Weights arrays = read_arrays(checkpoint.config, reader);
  reader.expect_end();
  checkpoint.tensors = named_tensors(checkpoint.config, arrays);
  return checkpoint;
}

void convert_llama2c(const std::filesystem::path& path, const std::filesystem::path& folder,
                     const std::function<void()>& check) {
  const auto checkpoint = read_llama2c(path);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Error(folder.string(), "a folder that can be made", error.message());
  save_safetensors(folder / "model.safetensors", checkpoint.tensors,
                   {.type = DataType::f32, .metadata = {{"format", "pt"}}, .check = check});
  NewFile config(folder / "config.json");
  config.write(config_text(checkpoint.config));
  config.commit();
}

}  // namespace locus
