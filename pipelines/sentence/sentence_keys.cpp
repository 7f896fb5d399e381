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
      {"tokenizer_name_or_path"},
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

/// Whether a value asks for nothing.
bool is_empty(const json& value) {
  return value.is_null() || (value.is_structured() && value.empty());
}

void add_unknown(const JsonFile& document, const json& object, const std::vector<KnownKey>& known,
                 std::vector<UnreadKey>& keys) {
  for (const auto& item : object.items()) {
    const auto row = std::ranges::find(known, item.key(), &KnownKey::key);
    const bool harmless =
        row != known.end() &&
        (row->values.empty() || std::ranges::find(row->values, item.value()) != row->values.end());
    if (!harmless && !is_empty(item.value())) keys.push_back({document.where, item.key()});
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
    add_unknown(*own, own->json, keys_of_transformer(), keys);
  }
  return keys;
}

}  // namespace locus
