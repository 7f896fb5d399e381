#include "tokenizer/folder/settings.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "tokenizer/folder/document.hpp"

namespace locus::tokenization {
namespace {

int64_t id_from(const std::string& text) {
  const bool number = !text.empty() && text.size() < 10 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  if (!number) throw Error("added_tokens_decoder", "ids as keys", "'" + text + "'");
  return std::stoll(text);
}

// Tokens that a model names, such as {"image_token": "<image>"}: missing ones are numbered in the
// order of the file.
Json values_in_order(const std::filesystem::path& file, const char* key) {
  const auto ordered = nlohmann::ordered_json::parse(read_file(file));
  Json values = Json::array();
  for (const auto& item : ordered[key].items()) values.push_back(Json::parse(item.value().dump()));
  return values;
}

// The reference does not look into what tokenizer_config.json wrote as an object ("__type").
bool is_special(const std::string& content, const Json& values) {
  const auto same = [&](const Json& token) {
    return token == content ||
           (value_or_null(token, "content") == content && !token.contains("__type"));
  };
  const Json& others = value_or_null(values, "additional_special_tokens");
  return std::any_of(others.begin(), others.end(), same) ||
         std::any_of(special_roles.begin(), special_roles.end(),
                     [&](std::string_view role) { return same(value_or_null(values, role)); });
}

// Older added_tokens.json files hold contents and ids alone.
std::map<int64_t, Json> older_added_tokens(const Json& json, const Json& values) {
  std::map<int64_t, Json> tokens;
  for (const auto& [content, id] : json.items()) {
    if (!id.is_number_integer())
      throw Error("added token '" + content + "'", "an id", describe(id));
    tokens[id.get<int64_t>()] = plain_token(content, is_special(content, values));
  }
  return tokens;
}

// Nothing, or no token at the beginning or end.
bool asks_nothing(const std::string& key, const Json& value) {
  const bool adds = key == "add_bos_token" || key == "add_eos_token";
  return value.is_null() || (value.is_structured() && value.empty()) || (adds && value == false);
}

}  // namespace

std::string_view SpecialDefaults::operator[](std::string_view role) const {
  const std::array<std::string_view, 7> values = {bos, eos, unknown, separator, pad, cls, mask};
  const auto found = std::find(special_roles.begin(), special_roles.end(), role);
  return values.at(static_cast<std::size_t>(found - special_roles.begin()));
}

Json special_token_from(std::string_view key, const Json& value) {
  if (value.is_string() || value.is_null()) return value;
  if (!value.is_object()) throw Error(key, "a token", describe(value));
  Json token = plain_token(string_at(value, "content"), bool_or(value, "special", false));
  for (const char* flag : {"single_word", "lstrip", "rstrip", "normalized"}) {
    token[flag] = bool_or(value, flag, token[flag].get<bool>());
  }
  return token;
}

Settings::Settings(const std::filesystem::path& folder)
    : values_(read_json_if_present(folder / "tokenizer_config.json")) {
  for (const char* key : {"extra_special_tokens", "model_specific_special_tokens"}) {
    if (value_or_null(values_, key).is_object()) {
      values_[key] = values_in_order(folder / "tokenizer_config.json", key);
    }
  }
  lists_added_ = values_.contains("added_tokens_decoder");
  if (!lists_added_) {
    merge_special_tokens(read_json_if_present(folder / "special_tokens_map.json"));
  }
  read_added_tokens(folder);
}

// Its values take the place of those in tokenizer_config.json; lists are joined.
void Settings::merge_special_tokens(const Json& map) {
  const auto special = [](Json token) {
    if (token.is_object()) token["special"] = true;
    return token;
  };
  for (const auto& [key, value] : map.items()) {
    if (!value.is_array()) {
      values_[key] = special(value);
      continue;
    }
    const bool other = key == "additional_special_tokens" && of_version_5();
    Json& list = values_[key];
    if (other && list.is_array()) continue;
    if (!list.is_array()) list = Json::array();
    for (const Json& token : value) {
      if (std::find(list.begin(), list.end(), token) == list.end()) list.push_back(special(token));
    }
  }
}

void Settings::read_added_tokens(const std::filesystem::path& folder) {
  if (lists_added_) {
    for (const auto& [id, token] : object_at(values_, "added_tokens_decoder").items()) {
      added_[id_from(id)] = special_token_from("added_tokens_decoder", token);
    }
  } else {
    added_ = older_added_tokens(read_json_if_present(folder / "added_tokens.json"), values_);
  }
}

Settings::Special Settings::special(std::string_view role, const SpecialDefaults& defaults) const {
  if (contains(role)) return {special_token_from(role, value(role)), false};
  const std::string_view fallback = defaults[role];
  return {fallback.empty() ? Json() : Json(fallback), true};
}

const Json& Settings::value(std::string_view key) const {
  asked_.emplace(key);
  return value_or_null(values_, key);
}

bool Settings::contains(std::string_view key) const {
  asked_.emplace(key);
  return values_.contains(key);
}

bool Settings::flag(std::string_view key, bool fallback) const {
  asked_.emplace(key);
  return bool_or(values_, key, fallback);
}

std::string Settings::text(std::string_view key, std::string_view fallback) const {
  asked_.emplace(key);
  return string_or(values_, key, fallback);
}

bool Settings::of_version_5() const {
  return has("backend") || text("tokenizer_class", "") == "TokenizersBackend";
}

std::vector<std::string> Settings::unread(const Reading& reading) const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : values_.items()) {
    if (asks_nothing(key, value) || asked_.count(key) > 0 || is_harmless_key(key, reading)) {
      continue;
    }
    if (is_python_object(key)) {
      throw Error(key, "no such key: it names an object of a Python program", describe(value));
    }
    keys.push_back(key);
  }
  return keys;
}

int64_t Settings::count(std::string_view key, int64_t fallback) const {
  asked_.emplace(key);
  const int64_t count = integer_or(values_, key, fallback);
  if (count < 0 || count > 1000000) throw Error(key, "0 to 1000000", std::to_string(count));
  return count;
}

std::vector<Json> Settings::tokens(std::initializer_list<std::string_view> keys) const {
  std::vector<Json> tokens;
  for (const std::string_view key : keys) {
    const Json& values = value(key);
    if (values.is_null()) continue;
    if (!values.is_array()) throw Error(key, "a list of tokens", describe(values));
    for (const Json& token : values) tokens.push_back(special_token_from(key, token));
  }
  return tokens;
}

std::string Settings::special_content(std::string_view role,
                                      const SpecialDefaults& defaults) const {
  const Json token = special(role, defaults).token;
  if (token.is_null()) return {};
  return token.is_string() ? token.get<std::string>() : string_at(token, "content");
}

}  // namespace locus::tokenization
