#include "models/files/tensorflow_names.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "engine/weights.hpp"

namespace locus::files {
namespace {

using NameParts = std::vector<std::string>;

constexpr std::array original_types{"bert", "nezha", "roformer"};

/// What training keeps beside the parameters; transformers passes the first ones over by name too.
constexpr std::array optimizer_parts{"adam_m",
                                     "adam_v",
                                     "AdamWeightDecayOptimizer",
                                     "AdamWeightDecayOptimizer_1",
                                     "global_step",
                                     "Adam",
                                     "Adam_1",
                                     "beta1_power",
                                     "beta2_power",
                                     "lamb_m",
                                     "lamb_v",
                                     "loss_scale",
                                     "good_steps",
                                     "bad_steps",
                                     "current_loss_scale"};

/// Modules whose names the two differ in.
constexpr std::array renamed_modules{
    std::pair{"encoder.embedding_hidden_mapping_in", "embeddings_project"},
    std::pair{"cls.squad", "qa_outputs"},
};

/// The last part of a name, by the last part of a variable's.
struct LastPart {
  std::string_view variable, parameter;
};
constexpr std::array last_parts{
    LastPart{"kernel", "weight"},
    LastPart{"gamma", "weight"},
    LastPart{"beta", "bias"},
    LastPart{"bias", "bias"},
    LastPart{"output_weights", "weight"},
    LastPart{"output_bias", "bias"},
};

NameParts split_name(const std::string& name) {
  NameParts parts;
  std::istringstream text(name);
  for (std::string part; std::getline(text, part, '/');) parts.push_back(part);
  return parts;
}

std::string joined_name(const NameParts& parts) {
  std::string name;
  for (const std::string& part : parts) name += (name.empty() ? "" : ".") + part;
  return name;
}

bool is_optimizer_part(const std::string& part) {
  return std::ranges::find(optimizer_parts, part) != optimizer_parts.end();
}

/// `layer_11` as `layer.11`.
std::string module_name(const std::string& part) {
  constexpr std::string_view layer = "layer_";
  const bool numbered =
      part.starts_with(layer) && part.find_first_not_of("0123456789", layer.size()) == part.npos;
  return numbered ? "layer." + part.substr(layer.size()) : part;
}

std::string module_path(NameParts modules, const std::string& base) {
  // A classifier's own weights stand at the root.
  if (modules.empty()) return "classifier";
  std::ranges::transform(modules, modules.begin(), module_name);
  const bool based = modules.front() == "bert";
  if (based) modules.erase(modules.begin());
  std::string path = joined_name(modules);
  for (const auto& [original, renamed] : renamed_modules) {
    if (path == original) path = renamed;
  }
  return based ? base + "." + path : path;
}

std::string parameter_name(NameParts parts, const std::string& base) {
  const std::string last = parts.back();
  if (last.ends_with("_embeddings")) return module_path(parts, base) + ".weight";
  parts.pop_back();
  for (const LastPart& each : last_parts) {
    if (each.variable == last) {
      return module_path(parts, base) + "." + std::string(each.parameter);
    }
  }
  return joined_name(parts) + "." + last;
}

bool some_name_has(const Weights& weights, const std::string& part) {
  return std::ranges::any_of(weights.names(),
                             [&](const std::string& name) { return name.find(part) != name.npos; });
}

}  // namespace

Config complete_original_config(const Config& config, const Weights& weights) {
  if (config.has("model_type")) return config;
  if (config.boolean("use_relative_position", false)) {
    return config.with(R"({"model_type": "nezha"})");
  }
  if (some_name_has(weights, "position_embeddings")) {
    return config.with(R"({"model_type": "bert"})");
  }
  if (some_name_has(weights, "LayerNorm")) return config.with(R"({"model_type": "roformer"})");
  return config.with(R"({"model_type": "roformer", "norm_type": "rms_norm", "use_bias": false})");
}

Weights name_tensorflow_variables(const Config& config, const Weights& stored) {
  const std::string type = config.text("model_type", "");
  if (std::ranges::find(original_types, type) == original_types.end()) {
    config.fail("model_type", "bert, nezha or roformer for a TensorFlow checkpoint",
                "'" + type + "'");
  }
  Weights weights;
  for (const std::string& name : stored.names()) {
    const NameParts parts = split_name(name);
    if (std::ranges::any_of(parts, is_optimizer_part)) continue;
    const StoredTensor& tensor = stored.at(name);
    weights.add_view(parameter_name(parts, type),
                     parts.back() == "kernel" ? transposed(name, tensor) : tensor, stored, name);
  }
  return weights;
}

}  // namespace locus::files
