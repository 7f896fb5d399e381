#include "tokenizer/folder/document.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace locus::tokenization {
namespace {

Json template_items(const std::initializer_list<TemplatePart>& parts) {
  Json items = Json::array();
  for (const auto& [name, type_id] : parts) {
    const char* kind = name == "A" || name == "B" ? "Sequence" : "SpecialToken";
    items.push_back({{kind, {{"id", name}, {"type_id", type_id}}}});
  }
  return items;
}

Json& array_of(Json& document, const char* key) {
  Json& value = document[key];
  if (value.is_null()) value = Json::array();
  if (!value.is_array()) throw Error(key, "an array", describe(value));
  return value;
}

const Json& vocabulary_of(const Json& document) {
  return value_or_null(value_or_null(document, "model"), "vocab");
}

std::unordered_map<std::string_view, int64_t> model_ids(const Json& document, Watch& watch) {
  std::unordered_map<std::string_view, int64_t> ids;
  const Json& vocabulary = vocabulary_of(document);
  if (vocabulary.is_object()) {
    for (const auto& [token, id] : vocabulary.get_ref<const Json::object_t&>()) {
      watch.spend(Watch::bytes_per_token);
      if (id.is_number_integer()) ids[token] = id.get<int64_t>();
    }
  } else if (vocabulary.is_array()) {
    for (std::size_t id = 0; id < vocabulary.size(); ++id) {
      watch.spend(Watch::bytes_per_token);
      const Json& entry = vocabulary[id];
      if (!entry.is_array() || entry.empty() || !entry[0].is_string()) continue;
      ids[entry[0].get_ref<const std::string&>()] = static_cast<int64_t>(id);
    }
  }
  return ids;
}

}  // namespace

Json empty_document() {
  Json document = {{"version", "1.0"}, {"added_tokens", Json::array()}, {"model", Json::object()}};
  for (const char* key :
       {"truncation", "padding", "normalizer", "pre_tokenizer", "post_processor", "decoder"}) {
    document[key] = nullptr;
  }
  return document;
}

Json plain_token(std::string_view content, bool special) {
  return {{"content", content}, {"single_word", false},   {"lstrip", false},
          {"rstrip", false},    {"normalized", !special}, {"special", special}};
}

Json template_processing(std::initializer_list<TemplatePart> single,
                         std::initializer_list<TemplatePart> pair) {
  Json specials = Json::object();
  for (const auto& part : pair) {
    if (part.name == "A" || part.name == "B") continue;
    specials[part.name] = {{"id", part.name}, {"tokens", Json::array({part.name})}};
  }
  return {{"type", "TemplateProcessing"},
          {"single", template_items(single)},
          {"pair", template_items(pair)},
          {"special_tokens", specials}};
}

Json cls_sep_template() {
  return template_processing({{"[CLS]", 0}, {"A", 0}, {"[SEP]", 0}},
                             {{"[CLS]", 0}, {"A", 0}, {"[SEP]", 0}, {"B", 1}, {"[SEP]", 1}});
}

bool equal_tokens(const Json& a, const Json& b) {
  if (value_or_null(a, "content") != value_or_null(b, "content")) return false;
  const bool special = bool_or(a, "special", false);
  if (special != bool_or(b, "special", false)) return false;
  const auto same = [&](const char* flag, bool fallback) {
    return bool_or(a, flag, fallback) == bool_or(b, flag, fallback);
  };
  return same("single_word", false) && same("lstrip", false) && same("rstrip", false) &&
         same("normalized", !special);
}

DocumentTokens::DocumentTokens(Json& document, Watch& watch)
    : document_(document),
      watch_(watch),
      added_(array_of(document, "added_tokens")),
      model_(model_ids(document, watch)),
      next_id_(static_cast<int64_t>(vocabulary_of(document).size())) {
  for (std::size_t index = 0; index < added_.size(); ++index) {
    watch_.spend(Watch::bytes_per_token);
    const int64_t id = integer_or(added_[index], "id", -1);
    by_content_.emplace(string_or(added_[index], "content", ""), index);
    by_id_.emplace(id, index);
    next_id_ = std::max(next_id_, id + 1);
  }
}

bool DocumentTokens::is_added(std::string_view content) const {
  return by_content_.count(std::string(content)) > 0;
}

std::optional<int64_t> DocumentTokens::id(std::string_view content) const {
  const auto added = by_content_.find(std::string(content));
  if (added != by_content_.end()) return integer_or(added_[added->second], "id", 0);
  const auto found = model_.find(content);
  return found == model_.end() ? std::nullopt : std::optional(found->second);
}

void DocumentTokens::add(Json token) {
  watch_.spend(Watch::bytes_per_token);
  const std::string content = string_at(token, "content");
  if (content.empty()) return;
  const int64_t token_id = id(content).value_or(next_id_);
  token["id"] = token_id;
  const auto same = by_id_.find(token_id);
  if (same != by_id_.end() && equal_tokens(added_[same->second], token)) return;
  by_content_[content] = added_.size();
  by_id_[token_id] = added_.size();
  next_id_ = std::max(next_id_, token_id + 1);
  added_.push_back(std::move(token));
}

void DocumentTokens::renumber() {
  const Json listed = std::exchange(added_, Json::array());
  by_content_.clear();
  by_id_.clear();
  next_id_ = static_cast<int64_t>(vocabulary_of(document_).size());
  for (const Json& token : listed) {
    if (!value_or_null(token, "id").is_number_integer()) {
      throw Error("added token '" + string_at(token, "content") + "'", "an id", describe(token));
    }
    add(token);
  }
}

void DocumentTokens::keep_last() {
  Json last = Json::array();
  for (std::size_t index = 0; index < added_.size(); ++index) {
    watch_.spend(Watch::bytes_per_token);
    const std::size_t counts = by_id_.at(added_[index]["id"].get<int64_t>());
    if (counts == index) last.push_back(std::move(added_[index]));
  }
  added_ = std::move(last);
  by_content_.clear();
  for (std::size_t index = 0; index < added_.size(); ++index) {
    by_content_[string_at(added_[index], "content")] = index;
    by_id_[added_[index]["id"].get<int64_t>()] = index;
  }
}

void DocumentTokens::resolve_template() {
  Json& processor = document_["post_processor"];
  if (!processor.is_object() || !processor.contains("special_tokens")) return;
  for (auto& [name, special] : processor["special_tokens"].items()) {
    if (!special.is_object() || special.contains("ids")) continue;
    const auto found = id(name);
    if (!found) throw Error("template", "'" + name + "' among the tokens", "none");
    special["ids"] = Json::array({*found});
  }
}

}  // namespace locus::tokenization
