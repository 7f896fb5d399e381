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
class KeysInOrder : public nlohmann::json_sax<Json> {
 public:
  KeysInOrder(std::string_view object, Watch& watch) : object_(object), watch_(watch) {}
  std::vector<std::string> keys;

  bool null() override { return go_on(); }
  bool boolean(bool) override { return go_on(); }
  bool number_integer(int64_t) override { return go_on(); }
  bool number_unsigned(uint64_t) override { return go_on(); }
  bool number_float(double, const std::string&) override { return go_on(); }
  bool string(std::string&) override { return go_on(); }
  bool binary(Json::binary_t&) override { return go_on(); }
  bool start_object(std::size_t) override { return go_down(); }
  bool start_array(std::size_t) override { return go_down(); }
  bool end_object() override { return go_up(); }
  bool end_array() override { return go_up(); }
  bool key(std::string& key) override {
    if (depth_ == 1) within_ = key == object_;
    if (depth_ == 2 && within_) keys.push_back(std::move(key));
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

 private:
  bool go_on() {
    watch_.spend(Watch::bytes_per_token);
    return true;
  }
  bool go_down() { return ++depth_ > 0; }
  bool go_up() { return --depth_ >= 0; }

  std::string_view object_;
  Watch& watch_;
  int depth_ = 0;
  bool within_ = false;  // the object, at the first level
};

Json values_in_order(const Json& object, const char* key, const std::string& text, Watch& watch) {
  KeysInOrder order(key, watch);
  Json::sax_parse(text, &order);
  Json values = Json::array();
  for (const std::string& name : order.keys) values.push_back(object.at(name));
  return values;
}

// The reference does not look into what tokenizer_config.json wrote as an object ("__type").
std::set<std::string> special_contents(const Json& values) {
  std::set<std::string> contents;
  const auto take = [&](const Json& token) {
    const Json& content = token.is_string() ? token : value_or_null(token, "content");
    if (content.is_string() && !token.contains("__type")) contents.insert(content);
  };
  for (const Json& other : value_or_null(values, "additional_special_tokens")) take(other);
  for (const std::string_view role : special_roles) take(value_or_null(values, role));
  return contents;
}

// Older added_tokens.json files hold contents and ids alone.
std::map<int64_t, Json> older_added_tokens(const Json& json, const Json& values, Watch& watch) {
  std::map<int64_t, Json> tokens;
  const std::set<std::string> special = special_contents(values);
  for (const auto& [content, id] : json.items()) {
    watch.spend(Watch::bytes_per_token);
    if (!id.is_number_integer())
      throw Error("added token '" + content + "'", "an id", describe(id));
    tokens[id.get<int64_t>()] = plain_token(content, special.count(content) > 0);
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

Settings::Settings(const std::filesystem::path& folder, Watch& watch)
    : values_(read_json_if_present(folder / "tokenizer_config.json", watch)) {
  const Json& extra = value_or_null(values_, "extra_special_tokens");
  lists_extra_ = extra.is_array() && !extra.empty();
  if (extra.is_object() && !extra.empty() && of_version_5()) {
    values_.erase("model_specific_special_tokens");  // the names of `extra` take its place
  }
  for (const char* key : {"extra_special_tokens", "model_specific_special_tokens"}) {
    if (value_or_null(values_, key).is_object()) {
      const std::string text = read_file(folder / "tokenizer_config.json", watch);
      values_[key] = values_in_order(values_[key], key, text, watch);
    }
  }
  lists_added_ = values_.contains("added_tokens_decoder");
  if (!lists_added_) {
    merge_special_tokens(read_json_if_present(folder / "special_tokens_map.json", watch), watch);
  }
  read_added_tokens(folder, watch);
}

// Its values take the place of those in tokenizer_config.json; lists are joined.
void Settings::merge_special_tokens(const Json& map, Watch& watch) {
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
    std::set<Json> known(list.begin(), list.end());
    for (const Json& token : value) {
      watch.spend(Watch::bytes_per_token);
      Json marked = special(token);
      const bool is_new = !known.contains(token);
      known.insert(marked);
      if (is_new) list.push_back(std::move(marked));
    }
  }
}

void Settings::read_added_tokens(const std::filesystem::path& folder, Watch& watch) {
  if (lists_added_) {
    for (const auto& [id, token] : object_at(values_, "added_tokens_decoder").items()) {
      watch.spend(Watch::bytes_per_token);
      added_[id_from(id)] = special_token_from("added_tokens_decoder", token);
    }
  } else {
    added_ = older_added_tokens(read_json_if_present(folder / "added_tokens.json", watch), values_,
                                watch);
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

std::vector<Json> Settings::additional() const {
  std::vector<Json> found = tokens({"additional_special_tokens"});
  if (of_version_5() && lists_extra_) found.clear();  // it is the older name of that list
  return found;
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
