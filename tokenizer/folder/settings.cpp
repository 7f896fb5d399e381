#include "tokenizer/folder/settings.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tokenizer/folder/document.hpp"

namespace locus::tokenization {
namespace {

int64_t id_from(const std::string& text) {
  const bool number = !text.empty() && text.size() < 10 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  if (!number) throw Error("added_tokens_decoder", "ids as keys", "'" + text + "'");
  return std::stoll(text);
}

// Older added_tokens.json files hold contents and ids alone.
std::map<int64_t, Json> older_added_tokens(const Json& json, const Json& values) {
  std::map<int64_t, Json> tokens;
  for (const auto& [content, id] : json.items()) {
    if (!id.is_number_integer())
      throw Error("added token '" + content + "'", "an id", describe(id));
    const bool special = std::any_of(
        special_roles.begin(), special_roles.end(), [&, &wanted = content](std::string_view role) {
          const Json& value = value_or_null(values, role);
          return value == wanted || value_or_null(value, "content") == wanted;
        });
    tokens[id.get<int64_t>()] = plain_token(content, special);
  }
  return tokens;
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
  lists_added_ = values_.contains("added_tokens_decoder");
  if (!lists_added_) {
    const Json map = read_json_if_present(folder / "special_tokens_map.json");
    for (const auto& [key, value] : map.items()) {
      values_[key] = value;
      if (values_[key].is_object()) values_[key]["special"] = true;
    }
  }
  read_added_tokens(folder);
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
  const auto found = values_.find(role);
  if (found != values_.end()) return {special_token_from(role, *found), false};
  const std::string_view fallback = defaults[role];
  return {fallback.empty() ? Json() : Json(fallback), true};
}

int64_t Settings::count(std::string_view key, int64_t fallback) const {
  const int64_t count = integer_or(values_, key, fallback);
  if (count < 0 || count > 1000000) throw Error(key, "0 to 1000000", std::to_string(count));
  return count;
}

std::vector<Json> Settings::additional() const {
  const Json& values = value_or_null(values_, "additional_special_tokens");
  std::vector<Json> tokens;
  for (const Json& value : values.is_array() ? values : Json::array()) {
    tokens.push_back(special_token_from("additional_special_tokens", value));
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
