// Readers of weights: everything is opened, and every value is read.
#include <array>

#include "engine/weights.hpp"
#include "models/llama2c.hpp"
#include "tests/fuzz/target.hpp"

namespace locus::fuzz {
namespace {

void read_all(const Weights& weights) {
  for (const std::string& name : weights.names()) {
    try {
      weights.f32(name);
    } catch (const Error&) {  // of integers, or not finite: the next one may be read
    }
    weights.load(name);
    weights.release(name);
  }
}

void safetensors(std::string_view bytes) {
  read_all(open_safetensors(scratch().write("model.safetensors", bytes)));
}

void shard_index(std::string_view bytes) {
  read_all(open_safetensors(scratch().write("model.safetensors.index.json", bytes)));
}

void torch(std::string_view bytes) {
  read_all(open_torch(scratch().write("pytorch_model.bin", bytes)));
}

// The index and its data, of which the first two bytes tell where one ends.
void tensorflow(std::string_view bytes) {
  const size_t index = bytes.size() < 2 ? 0
                                        : static_cast<unsigned char>(bytes[0]) * 256u +
                                              static_cast<unsigned char>(bytes[1]);
  const std::string_view rest = bytes.size() < 2 ? bytes : bytes.substr(2);
  scratch().write("model.data-00000-of-00001", rest.substr(std::min(index, rest.size())));
  read_all(open_tensorflow(scratch().write("model.index", rest.substr(0, index))));
}

void json_weights(std::string_view bytes) { read_all(parse_json_weights("weights", bytes)); }

void llama2c(std::string_view bytes) { read_llama2c(scratch().write("model.bin", bytes)); }

constexpr std::array weight_rows{Target{"safetensors", safetensors},
                                 Target{"shard_index", shard_index},
                                 Target{"torch", torch},
                                 Target{"tensorflow", tensorflow},
                                 Target{"json_weights", json_weights},
                                 Target{"llama2c", llama2c}};

}  // namespace

std::span<const Target> weight_targets() { return weight_rows; }

}  // namespace locus::fuzz
