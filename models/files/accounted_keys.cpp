#include <algorithm>
#include <array>

#include "models/files/harmless_keys.hpp"
#include "models/generation/config.hpp"

namespace locus::files {
namespace {

constexpr auto never_followed = std::to_array<std::string_view>(
    {"quantization_config", "compression_config", "quantization", "sparsity_config", "pruned_heads",
     "add_cross_attention", "tie_encoder_decoder", "per_layer_config", "text_config",
     "transformers_weights", "vision_config"});

// What code that all families share in transformers 5 makes of these keys: masks, caches, heads.
// Families that follow them read them. A window that no mask of a family follows still cuts its
// cache: transformers 5.24 then generates by other numbers than a whole pass gives.
constexpr auto followed_by_some =
    std::to_array<std::string_view>({"attention_chunk_size", "is_causal", "kv_sharing_modes",
                                     "layer_types", "sliding_window", "token_classification_bias"});

// Models that look both ways, unless they are decoders.
constexpr auto encoders =
    std::to_array<std::string_view>({"albert",          "bert",       "camembert",  "deberta",
                                     "deberta-v2",      "distilbert", "electra",    "esm",
                                     "feature_encoder", "gte",        "longformer", "modernbert",
                                     "mpnet",           "nezha",      "new",        "nomic_bert",
                                     "roberta",         "roformer",   "swin",       "swinv2",
                                     "xlm-roberta",     "xlnet"});

// Of these an encoder has neither the masks nor a cache; ModernBERT has the masks.
constexpr auto windows =
    std::to_array<std::string_view>({"attention_chunk_size", "layer_types", "sliding_window"});

template <class List>
bool holds(const List& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

bool is_encoder(const Config& config) {
  return holds(encoders, config.text("model_type", "")) && !config.boolean("is_decoder", false);
}

/// Whether a value of `followed_by_some` asks for nothing.
bool asks_nothing(const Config& config, std::string_view key) {
  if (key == "token_classification_bias") return config.boolean(key, true);
  if (key == "layer_types") {
    return std::ranges::all_of(config.names(key),
                               [](const std::string& type) { return type == "full_attention"; });
  }
  if (key != "is_causal") return config.is_empty(key);
  return config.boolean(key, true) || is_encoder(config);
}

}  // namespace

std::vector<std::string_view> unfollowed_keys() {
  std::vector<std::string_view> keys(never_followed.begin(), never_followed.end());
  keys.insert(keys.end(), followed_by_some.begin(), followed_by_some.end());
  return keys;
}

bool is_harmless(std::string_view model_type, std::string_view key) {
  if (holds(generation::generation_keys(), key)) return true;
  // MPT's config of attention is a config too, with the general keys of every config.
  constexpr std::string_view inner = "attn_config.";
  if (model_type == "mpt" && key.starts_with(inner)) key.remove_prefix(inner.size());
  return std::ranges::any_of(harmless_keys(), [&](const HarmlessKeys& group) {
    return holds(group.keys, key) && (group.families.empty() || holds(group.families, model_type));
  });
}

void refuse_unfollowed(const Config& config) {
  for (const std::string_view key : never_followed) {
    if (config.is_empty(key)) continue;
    const bool flag = key == "add_cross_attention" || key == "tie_encoder_decoder";
    if (flag && config.boolean(key, false)) config.fail(key, "false", "true");
    config.fail(key, "absent: it is not followed", "a value");
  }
}

void refuse_unread(const Config& config) {
  const bool no_windows = is_encoder(config) && config.text("model_type", "") != "modernbert";
  for (const std::string_view key : followed_by_some) {
    if (no_windows && holds(windows, key)) continue;  // `unread_keys` names it
    if (config.was_read(key) || !config.has(key) || asks_nothing(config, key)) continue;
    config.fail(key, "absent: a " + config.text("model_type", "") + " model does not follow it",
                "a value");
  }
}

std::vector<UnreadKey> unread_keys(const Config& config, const Config& generation) {
  std::vector<UnreadKey> keys;
  const std::string type = config.text("model_type", "");
  for (const Config* file : {&config, &generation}) {
    for (const std::string& key : file->unread()) {
      // Encoders that can be decoders read the key; the others may have it as false.
      if (key == "is_decoder" && file->is_empty(key)) continue;
      if (!is_harmless(type, key)) keys.push_back({file->who(), key});
    }
  }
  // For such a file transformers 4.49 decodes by config.json. Version 5 does not, nor does Locus.
  if (generation.boolean("_from_model_config", false)) {
    for (const std::string_view key : generation::generation_keys()) {
      if (key == "decoder_start_token_id") continue;  // it is read from either file
      if (config.has(key) && !generation.has(key)) keys.push_back({config.who(), std::string(key)});
    }
  }
  return keys;
}

}  // namespace locus::files
