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

std::unordered_map<std::string_view, int64_t> model_ids(const Json& document) {
  std::unordered_map<std::string_view, int64_t> ids;
  const Json& vocabulary = vocabulary_of(document);
  if (vocabulary.is_object()) {
    for (const auto& [token, id] : vocabulary.get_ref<const Json::object_t&>()) {
      if (id.is_number_integer()) ids[token] = id.get<int64_t>();
    }
  } else if (vocabulary.is_array()) {
    for (std::size_t id = 0; id < vocabulary.size(); ++id) {
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

DocumentTokens::DocumentTokens(Json& document)
    : document_(document),
      added_(array_of(document, "added_tokens")),
      model_(model_ids(document)),
      model_size_(static_cast<int64_t>(vocabulary_of(document).size())) {}

bool DocumentTokens::is_added(std::string_view content) const {
  return std::any_of(added_.begin(), added_.end(),
                     [&](const Json& token) { return value_or_null(token, "content") == content; });
}

std::optional<int64_t> DocumentTokens::id(std::string_view content) const {
  for (const Json& token : added_) {
    if (value_or_null(token, "content") == content) return integer_or(token, "id", 0);
  }
  const auto found = model_.find(content);
  return found == model_.end() ? std::nullopt : std::optional(found->second);
}

int64_t DocumentTokens::next_id() const {
  int64_t next = model_size_;
  for (const Json& token : added_) next = std::max(next, integer_or(token, "id", -1) + 1);
  return next;
}

void DocumentTokens::add(Json token) {
  const std::string content = string_at(token, "content");
  if (content.empty()) return;
  const auto known = id(content);
  token["id"] = known ? *known : next_id();
  for (Json& other : added_) {
    if (integer_or(other, "id", -1) == token["id"]) {
      other = std::move(token);
      return;
    }
  }
  added_.push_back(std::move(token));
}

void DocumentTokens::renumber() {
  const Json listed = std::exchange(added_, Json::array());
  for (const Json& token : listed) {
    if (!value_or_null(token, "id").is_number_integer()) {
      throw Error("added token '" + string_at(token, "content") + "'", "an id", describe(token));
    }
    add(token);
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
