#include "pipelines/sentence/sentence_rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/file_name.hpp"
#include "pipelines/sentence/sentence_files.hpp"

namespace locus::pipelines {
namespace {

namespace fs = std::filesystem;
using detail::JsonPlace;

// Each module may name the same large file, and each pooling makes vectors longer.
constexpr size_t max_modules = 64, max_poolings = 16;

std::optional<int64_t> positive(const JsonPlace& config, std::string_view key) {
  const auto value = config.find(key);
  if (!value || value->value().is_null()) return std::nullopt;
  if (value->integer() < 1) value->refuse("a number above 0");
  return value->integer();
}

// In the order in which several are joined.
constexpr std::array older_poolings{
    std::pair{"pooling_mode_cls_token", Pooling::cls},
    std::pair{"pooling_mode_max_tokens", Pooling::max},
    std::pair{"pooling_mode_mean_tokens", Pooling::mean},
    std::pair{"pooling_mode_mean_sqrt_len_tokens", Pooling::mean_sqrt_length},
    std::pair{"pooling_mode_weightedmean_tokens", Pooling::weighted_mean},
    std::pair{"pooling_mode_lasttoken", Pooling::last_token}};

std::vector<Pooling> by_flags(const JsonPlace& config) {
  std::vector<Pooling> poolings;
  for (const auto& [key, pooling] : older_poolings) {
    if (config.flag(key, false)) poolings.push_back(pooling);
  }
  return poolings;
}

Pooling named_pooling(const JsonPlace& place) {
  const std::string name = place.text();
  if (name == "none") place.refuse("a pooling");
  try {
    return parse_pooling(name);
  } catch (const Error&) {
    place.refuse("cls, max, mean, mean_sqrt_len_tokens, weightedmean or lasttoken");
  }
}

/// `"pooling_mode": "mean"`, a list of them, or the flags that came before.
std::vector<Pooling> poolings_of(const JsonPlace& config) {
  const auto mode = config.find("pooling_mode");
  std::vector<Pooling> poolings;
  if (!mode) {
    poolings = by_flags(config);
  } else if (mode->value().is_array()) {
    for (const JsonPlace& each : mode->items()) poolings.push_back(named_pooling(each));
    if (poolings.size() > max_poolings) mode->refuse("at most 16 poolings");
  } else {
    poolings.push_back(named_pooling(*mode));
  }
  if (poolings.empty()) throw Error(config.where(), "a pooling", "none");
  return poolings;
}

void read_pooling(const fs::path& folder, SentenceRules& rules) {
  const JsonFile document = read_json_file(folder / "config.json");
  const JsonPlace config = document.place();
  for (const auto& [key, value] : config.members()) {
    const bool known = key == "pooling_mode" || key == "include_prompt" ||
                       key == "embedding_dimension" || key == "word_embedding_dimension" ||
                       std::ranges::any_of(older_poolings, [&name = key](const auto& row) {
                         return name == row.first;
                       });
    if (!known) throw Error(config.where(), "keys of a pooling", "'" + key + "'");
  }
  rules.poolings = poolings_of(config);
  rules.pooled = true;
  rules.pools_prompt = config.flag("include_prompt", true);
}

void read_sparse_pooling(const fs::path& folder, SentenceRules& rules) {
  const JsonFile document = read_json_file(folder / "config.json");
  const JsonPlace config = document.place();
  config.expect_keys({"pooling_strategy", "activation_function", "embedding_dimension",
                      "word_embedding_dimension", "chunk_size"});
  SparsePooling pooling;
  if (const auto strategy = config.find("pooling_strategy")) {
    pooling.sum = strategy->text() == "sum";
    if (!pooling.sum && strategy->text() != "max") strategy->refuse("max or sum");
  }
  if (const auto activation = config.find("activation_function")) {
    pooling.twice = activation->text() == "log1p_relu";
    if (!pooling.twice && activation->text() != "relu") activation->refuse("relu or log1p_relu");
  }
  rules.sparse = pooling;
}

int64_t token_id(const JsonPlace& place) {
  if (place.integer() < 0) place.refuse("the id of a token");
  return place.integer();
}

void read_logit_score(const fs::path& folder, SentenceRules& rules) {
  const JsonFile document = read_json_file(folder / "config.json");
  const JsonPlace config = document.place();
  config.expect_keys({"true_token_id", "false_token_id", "module_input_name"});
  AnswerTokens answers{token_id(config.at("true_token_id"))};
  const auto no = config.find("false_token_id");
  if (no && !no->value().is_null()) answers.no = token_id(*no);
  const auto input = config.find("module_input_name");
  if (input && input->text() != "causal_logits") input->refuse("\"causal_logits\"");
  rules.answers = answers;
}

/// A module's class without its package, which has moved from version to version.
std::string kind_of(const JsonPlace& module) {
  const std::string type = module.at("type").text();
  if (type.find('.') != type.npos && !type.starts_with("sentence_transformers.")) {
    module.at("type").refuse("a class of sentence_transformers");
  }
  return type.substr(type.find_last_of('.') + 1);
}

/// What works on tokens after they were pooled changes no text's vector.
void add(PlacedModule module, SentenceRules& rules) {
  if (!module.of_tokens) return rules.modules.push_back(std::move(module.apply));
  if (!rules.pooled) rules.of_tokens.push_back(std::move(module.apply));
}

void add_normalize(const fs::path& folder, SentenceRules& rules) {
  PlacedModule module = read_normalize(folder);
  rules.normalizes = !module.of_tokens;
  add(std::move(module), rules);
}

/// No module lies outside the model's folder, whatever its path says.
fs::path module_folder(const fs::path& folder, const JsonPlace& module) {
  const JsonPlace path = module.at("path");
  return inner_folder(path.where(), folder, path.text());
}

void read_module(const fs::path& folder, const JsonPlace& module, SentenceRules& rules) {
  const std::string kind = kind_of(module);
  const fs::path own = module_folder(folder, module);
  rules.normalizes = false;
  if (kind == "Pooling" && !rules.modules.empty()) {
    module.at("type").refuse("a pooling before what works on a text's vector");
  }
  if (kind == "Pooling") return read_pooling(own, rules);
  if (kind == "SpladePooling") return read_sparse_pooling(own, rules);
  if (kind == "LogitScore") return read_logit_score(own, rules);
  if (kind == "Dense") return add(read_dense(own), rules);
  if (kind == "LayerNorm") return rules.modules.push_back(read_layer_norm(own));
  if (kind == "Normalize") return add_normalize(own, rules);
  if (kind == "Dropout" || kind == "Transformer" || kind == "MLMTransformer") return;
  module.at("type").refuse(
      "Transformer, Pooling, SpladePooling, LogitScore, Dense, LayerNorm, Dropout or Normalize");
}

/// Lengths above this are how tokenizers say that they have none.
constexpr double unlimited_length = 1e9;

void read_tokenizer_length(const fs::path& transformer, SentenceRules& rules) {
  const auto document = find_json_file(transformer / "tokenizer_config.json");
  if (!document || !document->json.is_object()) return;
  const auto length = document->place().find("model_max_length");
  if (!length || !length->value().is_number()) return;
  const auto value = length->value().get<double>();
  if (value >= 1 && value < unlimited_length) rules.max_length = static_cast<int64_t>(value);
}

/// Rerankers alone put their texts into a chat here.
void read_chat(const fs::path& transformer, const JsonPlace& config, SentenceRules& rules) {
  const auto modalities = config.find("modality_config");
  const auto message = modalities ? modalities->find("message") : std::nullopt;
  if (!message) return;
  if (!rules.answers) {
    modalities->refuse("texts as they are: the template of a chat is followed by rerankers alone");
  }
  const auto format = message->find("format");
  const std::string name = format ? format->text() : "flat";
  if (name != "flat" && name != "structured") format->refuse("\"flat\" or \"structured\"");
  rules.chat = read_chat_rules(transformer, name == "structured");
}

/// What the Transformer's file hands to the tokenizer counts more than `max_seq_length`, and of its
/// two names the older one.
void read_arguments(const JsonPlace& config, SentenceRules& rules) {
  for (const char* key : {"tokenizer_args", "processor_kwargs"}) {
    const auto arguments = config.find(key);
    if (!arguments || arguments->value().is_null()) continue;
    if (const auto length = positive(*arguments, "model_max_length")) rules.max_length = length;
    return;
  }
}

void read_lengths(const fs::path& transformer, SentenceRules& rules) {
  read_tokenizer_length(transformer, rules);
  const auto document = find_transformer_config(transformer);
  if (!document) return;
  const JsonPlace config = document->place();
  read_chat(transformer, config, rules);
  if (const auto length = positive(config, "max_seq_length")) rules.max_length = length;
  read_arguments(config, rules);
  rules.lower_case = config.flag("do_lower_case", false);
}

void read_prompts(const JsonPlace& config, SentenceRules& rules) {
  if (const auto prompts = config.find("prompts")) {
    for (const auto& [name, text] : prompts->members()) rules.prompts[name] = text.text();
  }
  const auto name = config.find("default_prompt_name");
  if (!name || name->value().is_null()) return;
  const auto prompt = rules.prompts.find(name->text());
  if (prompt == rules.prompts.end()) name->refuse("the name of one of its prompts");
  rules.default_prompt = prompt->second;
}

void read_model_config(const fs::path& folder, SentenceRules& rules) {
  const auto document = find_json_file(folder / "config_sentence_transformers.json");
  if (!document) return;
  const JsonPlace config = document->place();
  read_prompts(config, rules);
  rules.dimension = positive(config, "truncate_dim");
  rules.max_terms = positive(config, "max_active_dims");
  const auto activation = config.find("activation_fn");
  if (activation && !activation->value().is_null()) rules.score_activation = activation->text();
}

/// Where CrossEncoders before version 5.2 kept their activation: in the model's own config.
void read_older_activation(const fs::path& transformer, SentenceRules& rules) {
  const auto document = find_json_file(transformer / "config.json");
  if (!rules.score_activation.empty() || !document || !document->json.is_object()) return;
  const JsonPlace config = document->place();
  if (const auto nested = config.find("sentence_transformers")) {
    const auto activation = nested->find("activation_fn");
    if (activation && !activation->value().is_null()) rules.score_activation = activation->text();
  } else if (const auto older = config.find("sbert_ce_default_activation_function")) {
    if (!older->value().is_null()) rules.score_activation = older->text();
  }
}

}  // namespace

fs::path transformer_folder(const fs::path& path) {
  const auto modules = find_json_file(path / "modules.json");
  if (!modules) return path;
  for (const detail::JsonPlace& module : modules->place().items()) {
    const std::string kind = kind_of(module);
    if (kind != "Transformer" && kind != "MLMTransformer") continue;
    return module_folder(path, module);
  }
  throw Error((path / "modules.json").string(), "a Transformer among its modules", "none");
}

SentenceRules read_sentence_rules(const fs::path& folder) {
  SentenceRules rules;
  const auto modules = find_json_file(folder / "modules.json");
  if (modules) {
    const auto each = modules->place().items();
    if (each.size() > max_modules) modules->place().refuse("at most 64 modules");
    for (const JsonPlace& module : each) read_module(folder, module, rules);
    if (!rules.pooled && !rules.sparse) rules.unpooled = (folder / "modules.json").string();
  }
  const fs::path transformer = transformer_folder(folder);
  read_lengths(transformer, rules);
  read_model_config(folder, rules);
  read_older_activation(transformer, rules);
  return rules;
}

std::string prompt_of(const SentenceRules& rules, const std::optional<std::string>& name_or_text) {
  if (!name_or_text) return rules.default_prompt.value_or("");
  const auto named = rules.prompts.find(*name_or_text);
  if (named != rules.prompts.end()) return named->second;
  if (name_or_text->empty() || name_or_text->find_first_of(" :\n\t") != std::string::npos) {
    return *name_or_text;
  }
  std::string known;
  for (const auto& [name, text] : rules.prompts) known += (known.empty() ? "" : ", ") + name;
  throw Error("prompt", known.empty() ? "a text: the folder names no prompts" : "one of " + known,
              "'" + *name_or_text + "'");
}

}  // namespace locus::pipelines
