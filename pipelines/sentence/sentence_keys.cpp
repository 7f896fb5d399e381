// Which keys of a sentence-transformers folder's own files are read, or change no number.
#include <algorithm>
#include <span>

#include "pipelines/sentence/sentence_files.hpp"
#include "pipelines/sentence/sentence_rules.hpp"
#include "pipelines/unread_keys.hpp"

namespace locus {
namespace {

using nlohmann::json;
using pipelines::JsonFile;

/// A key, and the values at which it changes nothing; none: at any, or it is read.
struct KnownKey {
  std::string_view key;
  std::vector<json> values = {};
};

const std::vector<KnownKey>& keys_of_module() {
  static const std::vector<KnownKey> keys{{"idx"}, {"name"}, {"path"}, {"type"}};
  return keys;
}

const std::vector<KnownKey>& keys_of_model() {
  static const std::vector<KnownKey> keys{
      {"prompts"},       {"default_prompt_name"}, {"truncate_dim"}, {"max_active_dims"},
      {"activation_fn"}, {"__version__"},  // what wrote the folder
      {"model_type"},    {"similarity_fn_name"},  {"requirements"}, {"keep_in_fp32_modules"}};
  return keys;
}

/// A chat's template, followed for rerankers and else refused.
json of_chats(const char* format) {
  const json forward = {{"method", "forward"}, {"method_output_name", "logits"}};
  json message = forward;
  message["format"] = format;
  return {{"text", forward}, {"message", message}};
}

// Which class transformers opens is said by config.json, and what a module hands to the next by
// modules.json: these values say what those say.
const std::vector<KnownKey>& keys_of_transformer() {
  static const std::vector<KnownKey> keys{
      {"max_seq_length"},
      {"do_lower_case"},
      {"cache_dir"},
      {"backend"},
      {"unpad_inputs"},
      {"transformer_task",
       {"feature-extraction", "sequence-classification", "fill-mask", "text-generation"}},
      {"module_output_name", {"token_embeddings", "scores", "causal_logits"}},
      {"modality_config",
       {{{"text", {{"method", "forward"}, {"method_output_name", "last_hidden_state"}}}},
        {{"text", {{"method", "forward"}, {"method_output_name", "logits"}}}},
        of_chats("flat"),
        of_chats("structured")}}};
  return keys;
}

// Where files are looked for is the caller's; Locus computes the same numbers in a type of its own.
const std::vector<KnownKey>& keys_of_arguments() {
  static const std::vector<KnownKey> keys{{"subfolder"},        {"token"},
                                          {"cache_dir"},        {"revision"},
                                          {"local_files_only"}, {"trust_remote_code"}};
  return keys;
}

const std::vector<KnownKey>& keys_of_model_arguments() {
  static const std::vector<KnownKey> keys{
      {"torch_dtype"},       {"dtype"},           {"attn_implementation"}, {"device_map"},
      {"low_cpu_mem_usage"}, {"use_safetensors"}, {"weights_only"},        {"add_pooling_layer"}};
  return keys;
}

const std::vector<KnownKey>& keys_of_tokenizer_arguments() {
  static const std::vector<KnownKey> keys{{"model_max_length"}, {"padding_side"}, {"use_fast"}};
  return keys;
}

const std::vector<KnownKey>& keys_of_config_arguments() {
  static const std::vector<KnownKey> keys{
      {"use_cache"}, {"attn_implementation"}, {"torch_dtype"}, {"dtype"}};
  return keys;
}

/// A key of a Transformer's file that holds arguments of Python, and those that are known.
struct Arguments {
  std::string_view key;
  const std::vector<KnownKey>& known;
};

const std::vector<Arguments>& arguments_of_transformer() {
  static const std::vector<Arguments> arguments{{"model_kwargs", keys_of_model_arguments()},
                                                {"model_args", keys_of_model_arguments()},
                                                {"processor_kwargs", keys_of_tokenizer_arguments()},
                                                {"tokenizer_args", keys_of_tokenizer_arguments()},
                                                {"config_kwargs", keys_of_config_arguments()},
                                                {"config_args", keys_of_config_arguments()}};
  return arguments;
}

/// Whether a value asks for nothing.
bool is_empty(const json& value) {
  return value.is_null() || (value.is_structured() && value.empty());
}

bool holds(const std::vector<KnownKey>& known, const std::string& key, const json& value) {
  const auto row = std::ranges::find(known, key, &KnownKey::key);
  return row != known.end() &&
         (row->values.empty() || std::ranges::find(row->values, value) != row->values.end());
}

void add_unknown(const JsonFile& document, const json& object, const std::vector<KnownKey>& known,
                 std::vector<UnreadKey>& keys) {
  for (const auto& item : object.items()) {
    if (is_empty(item.value()) || holds(known, item.key(), item.value())) continue;
    keys.push_back({document.where, item.key()});
  }
}

void add_unknown_of_transformer(const JsonFile& document, std::vector<UnreadKey>& keys) {
  for (const auto& [key, value] : document.json.items()) {
    const auto row = std::ranges::find(arguments_of_transformer(), key, &Arguments::key);
    if (row == arguments_of_transformer().end() || !value.is_object()) {
      if (is_empty(value) || holds(keys_of_transformer(), key, value)) continue;
      keys.push_back({document.where, key});
      continue;
    }
    for (const auto& [argument, argued] : value.items()) {
      const bool known = is_empty(argued) || holds(row->known, argument, argued) ||
                         holds(keys_of_arguments(), argument, argued);
      if (!known) keys.push_back({document.where, key + "." + argument});
    }
  }
}

}  // namespace

std::vector<UnreadKey> unread_sentence_keys(const std::filesystem::path& folder) {
  std::vector<UnreadKey> keys;
  if (folder.empty()) return keys;  // of a model without a folder
  if (const auto modules = pipelines::find_json_file(folder / "modules.json")) {
    for (const json& module : modules->json) {
      add_unknown(*modules, module, keys_of_module(), keys);
    }
  }
  if (const auto model = pipelines::find_json_file(folder / "config_sentence_transformers.json")) {
    add_unknown(*model, model->json, keys_of_model(), keys);
  }
  if (const auto own = pipelines::find_transformer_config(pipelines::transformer_folder(folder))) {
    add_unknown_of_transformer(*own, keys);
  }
  return keys;
}

}  // namespace locus
