#include "pipelines/sentence/chat_pairs.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "pipelines/sentence/sentence_files.hpp"

namespace locus::pipelines {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json message(const ChatRules& rules, const char* role, const std::string& text) {
  json content = text;
  if (rules.structured) content = json::array({{{"type", "text"}, {"text", text}}});
  return {{"role", role}, {"content", content}};
}

std::vector<int32_t> whole_ids(const ChatRules& rules, const Tokenizer& tokenizer,
                               const ChatPair& pair, EncodeOptions options = {}) {
  json messages = json::array();
  if (!pair.prompt.empty()) messages.push_back(message(rules, "system", pair.prompt));
  messages.push_back(message(rules, "query", pair.query));
  messages.push_back(message(rules, "document", pair.document));
  json variables = rules.tokens;
  variables["messages"] = std::move(messages);
  variables["add_generation_prompt"] = false;
  for (const char* absent : {"tools", "documents"}) variables[absent] = nullptr;
  options.special = false;
  options.max_length.reset();
  return tokenizer.encode_ids(rules.chat->render(variables), options);
}

/// What two other pairs have in common at their end.
std::vector<int32_t> ending(const ChatRules& rules, const Tokenizer& tokenizer,
                            const std::string& prompt) {
  const auto first = whole_ids(rules, tokenizer, {prompt, "0", "0"});
  const auto second = whole_ids(rules, tokenizer, {prompt, "1 2 3 4", "1 2 3 4"});
  const auto [end, other] =
      std::mismatch(first.rbegin(), first.rend(), second.rbegin(), second.rend());
  if (end == first.rend() || other == second.rend()) return {};
  return {end.base(), first.end()};
}

/// A special token's text, which is written alone or as an object.
void add_token(json& tokens, const std::string& role, const json& value) {
  if (value.is_string()) tokens[role] = value;
  if (value.is_object() && value.contains("content")) tokens[role] = value["content"];
}

}  // namespace

ChatRules read_chat_rules(const fs::path& transformer, bool structured) {
  ChatRules rules;
  rules.structured = structured;
  const auto config = find_json_file(transformer / "tokenizer_config.json");
  if (config && config->json.is_object()) {
    for (const auto& [key, value] : config->json.items()) {
      if (key.ends_with("_token")) add_token(rules.tokens, key, value);
    }
  }
  const fs::path file = transformer / "chat_template.jinja";
  if (fs::exists(file)) {
    rules.chat = std::make_shared<ChatTemplate>(file.string(), read_file(file));
  } else if (config && config->json.contains("chat_template")) {
    const auto text = config->place().at("chat_template");
    rules.chat = std::make_shared<ChatTemplate>(text.where(), text.text());
  } else {
    throw Error(transformer.string(), "chat_template.jinja, for texts as messages", "none");
  }
  return rules;
}

std::vector<int32_t> chat_ids(const ChatRules& rules, const Tokenizer& tokenizer,
                              const ChatPair& pair, const EncodeOptions& options) {
  std::vector<int32_t> ids = whole_ids(rules, tokenizer, pair, options);
  if (!options.max_length || std::ssize(ids) < *options.max_length) return ids;
  ids.resize(static_cast<size_t>(*options.max_length));
  const auto kept = ending(rules, tokenizer, pair.prompt);
  const auto count = std::min(kept.size(), ids.size());
  std::copy(kept.end() - static_cast<int64_t>(count), kept.end(),
            ids.end() - static_cast<int64_t>(count));
  return ids;
}

}  // namespace locus::pipelines
