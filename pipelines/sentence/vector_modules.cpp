#include "pipelines/sentence/vector_modules.hpp"

#include <cmath>
#include <memory>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/json/json.hpp"
#include "base/read_file.hpp"
#include "engine/weights.hpp"
#include "models/embed.hpp"
#include "pipelines/sentence/activations.hpp"

namespace locus::pipelines {
namespace {

namespace fs = std::filesystem;
using detail::JsonPlace;

Weights open_module_weights(const fs::path& folder) {
  if (fs::exists(folder / "model.safetensors"))
    return open_safetensors(folder / "model.safetensors");
  if (fs::exists(folder / "pytorch_model.bin")) return open_torch(folder / "pytorch_model.bin");
  throw Error(folder.string(), "model.safetensors or pytorch_model.bin", "neither");
}

/// The weights of a module's folder. The module takes each, as sentence-transformers loads them.
class ModuleWeights {
 public:
  explicit ModuleWeights(const fs::path& folder)
      : folder_(folder), weights_(open_module_weights(folder)) {}

  const Weights& all() const { return weights_; }

  /// A weight of the expected shape.
  std::vector<float> take(const std::string& name, const Shape& shape) {
    if (!weights_.contains(name)) throw Error(folder_.string(), "a weight '" + name + "'", "none");
    const Tensor tensor = weights_.f32(name);
    if (tensor.shape() != shape) {
      throw Error((folder_ / name).string(), to_string(shape), to_string(tensor.shape()));
    }
    known_.insert(name);
    return {tensor.values().begin(), tensor.values().end()};
  }

  void expect(const std::string& name) { known_.insert(name); }

  /// Throws `Error` on a weight that was neither taken nor expected.
  void expect_no_more() const {
    for (const std::string& name : weights_.names()) {
      if (known_.count(name) > 0) continue;
      throw Error(folder_.string(), "no weights but those that its config.json asks for",
                  "'" + name + "'");
    }
  }

 private:
  fs::path folder_;
  Weights weights_;
  std::set<std::string> known_;
};

// [out, in] times [in], plus [out]
std::vector<float> product(const std::vector<float>& matrix, const std::vector<float>& vector,
                           const std::vector<float>& offset) {
  std::vector<float> result(matrix.size() / vector.size());
  for (size_t row = 0; row < result.size(); ++row) {
    double sum = offset.empty() ? 0 : offset[row];
    for (size_t i = 0; i < vector.size(); ++i) {
      sum += static_cast<double>(matrix[row * vector.size() + i]) * vector[i];
    }
    result[row] = static_cast<float>(sum);
  }
  return result;
}

struct Dense {
  size_t width = 0;             ///< of what it reads
  std::vector<float> matrix;    ///< [out, in]
  std::vector<float> offset;    ///< [out], or none
  std::vector<float> residual;  ///< [out, in] where a residual changes its width
  bool adds_input = false;
  Activation activation;

  std::vector<float> operator()(const std::vector<float>& vector) const {
    if (vector.size() != width) {
      throw Error("Dense", "vectors of " + std::to_string(width), std::to_string(vector.size()));
    }
    std::vector<float> result = product(matrix, vector, offset);
    activation(result);
    if (!adds_input) return result;
    const auto added = residual.empty() ? vector : product(residual, vector, {});
    for (size_t i = 0; i < result.size(); ++i) result[i] += added[i];
    return result;
  }
};

nlohmann::json read_config(const fs::path& folder) {
  const fs::path file = folder / "config.json";
  return detail::parse_json(file.string(), read_file(file));
}

int64_t width_of(const JsonPlace& config, std::string_view key) {
  constexpr int64_t widest = 1 << 20;
  const int64_t width = config.at(key).integer();
  if (width < 1 || width > widest) config.at(key).refuse("a width from 1 to 1048576");
  return width;
}

/// Whether a module reads and writes vectors of tokens; the text's where nothing is said.
bool is_of_tokens(const JsonPlace& config) {
  std::string input = "sentence_embedding";
  for (const char* key : {"module_input_name", "module_output_name"}) {
    const auto value = config.find(key);
    if (!value || value->value().is_null()) continue;
    const bool reads = std::string_view(key) == "module_input_name";
    if (!reads && value->text() != input) value->refuse("what it reads, \"" + input + "\"");
    input = value->text();
    if (input != "sentence_embedding" && input != "token_embeddings") {
      value->refuse("\"sentence_embedding\" or \"token_embeddings\"");
    }
  }
  return input == "token_embeddings";
}

std::vector<float> normalized(std::vector<float> vector) {
  scale_to(vector, 1);
  return vector;
}

}  // namespace

PlacedModule read_normalize(const fs::path& folder) {
  if (!fs::exists(folder / "config.json")) return {normalized};
  const nlohmann::json document = read_config(folder);
  const JsonPlace config(document, (folder / "config.json").string());
  config.expect_keys({"module_input_name", "module_output_name"});
  return {normalized, is_of_tokens(config)};
}

PlacedModule read_dense(const fs::path& folder) {
  const nlohmann::json document = read_config(folder);
  const JsonPlace config(document, (folder / "config.json").string());
  config.expect_keys({"in_features", "out_features", "bias", "activation_function",
                      "module_input_name", "module_output_name", "use_residual"});
  const int64_t in = width_of(config, "in_features"), out = width_of(config, "out_features");
  ModuleWeights weights(folder);
  Dense dense{static_cast<size_t>(in),
              weights.take("linear.weight", {out, in}),
              {},
              {},
              config.flag("use_residual", false),
              {}};
  if (config.flag("bias", true)) dense.offset = weights.take("linear.bias", {out});
  if (dense.adds_input && in != out) {
    dense.residual = weights.take("residual.weight", {out, in});
  }
  const auto activation = config.find("activation_function");
  const std::string name = activation ? activation->text() : "torch.nn.modules.activation.Tanh";
  dense.activation = activation_of(config.where(), name, weights.all());
  if (name.ends_with(".PReLU")) weights.expect("activation_function.weight");
  weights.expect_no_more();
  return {dense, is_of_tokens(config)};
}

VectorModule read_layer_norm(const fs::path& folder) {
  const nlohmann::json document = read_config(folder);
  const JsonPlace config(document, (folder / "config.json").string());
  config.expect_keys({"dimension"});
  const int64_t width = width_of(config, "dimension");
  ModuleWeights weights(folder);
  auto gain = weights.take("norm.weight", {width}), offset = weights.take("norm.bias", {width});
  weights.expect_no_more();
  return [gain = std::move(gain), offset = std::move(offset)](std::vector<float> vector) {
    if (vector.size() != gain.size()) {
      throw Error("LayerNorm", "vectors of " + std::to_string(gain.size()),
                  std::to_string(vector.size()));
    }
    double mean = 0, variance = 0;
    const auto count = static_cast<double>(vector.size());
    for (const float value : vector) mean += value / count;
    for (const float value : vector) variance += (value - mean) * (value - mean) / count;
    const double scale = 1 / std::sqrt(variance + 1e-5);
    for (size_t i = 0; i < vector.size(); ++i) {
      vector[i] = static_cast<float>((vector[i] - mean) * scale * gain[i] + offset[i]);
    }
    return vector;
  };
}

}  // namespace locus::pipelines
