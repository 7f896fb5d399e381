// tokenizer_config.json and its older companions.
#pragma once

#include <array>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/folder/harmless_keys.hpp"
#include "tokenizer/json/json.hpp"

namespace locus::tokenization {

/// In the order in which the reference adds missing ones to a vocabulary.
constexpr std::array<std::string_view, 7> special_roles = {
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"};

/// What a class of the reference falls back on for one role; empty: nothing.
struct SpecialDefaults {
  std::string_view bos{}, eos{}, unknown{}, separator{}, pad{}, cls{}, mask{};
  std::string_view operator[](std::string_view role) const;
};

class Settings {
 public:
  Settings() = default;
  /// Reads tokenizer_config.json, and special_tokens_map.json and added_tokens.json as far as the
  /// reference still does.
  Settings(const std::filesystem::path& folder, Watch& watch);

  /// A key's value, null where it is absent. This and all that follow remember which keys were
  /// asked for.
  const Json& value(std::string_view key) const;
  bool contains(std::string_view key) const;
  bool flag(std::string_view key, bool fallback) const;
  std::string text(std::string_view key, std::string_view fallback) const;
  /// A number of tokens: 0 to 1,000,000. Throws `Error` on another.
  int64_t count(std::string_view key, int64_t fallback) const;
  bool has(std::string_view key) const { return !value(key).is_null(); }

  /// Gives a key another value.
  void set(std::string_view key, Json value) { values_[std::string(key)] = std::move(value); }

  /// A special token as the files give it: a string, an added token, or null where neither the
  /// files nor the class has one. `from_class` tells that it is the class's.
  struct Special {
    Json token;
    bool from_class;
  };
  Special special(std::string_view role, const SpecialDefaults& defaults) const;
  /// The content of the same, empty where there is none.
  std::string special_content(std::string_view role, const SpecialDefaults& defaults) const;

  /// Whether transformers 5 wrote the files: then tokenizer.json is the whole rule, where a class
  /// of 4.49 changes what it says.
  bool of_version_5() const;

  /// Keys of tokenizer_config.json that nobody asked for and that may change what the reference
  /// does, sorted. Throws `Error` on one that makes the reference fail.
  std::vector<std::string> unread(const Reading& reading) const;

  /// additional_special_tokens, each a string or an added token.
  std::vector<Json> additional() const;
  /// Tokens that stand beside those of any class: extra_special_tokens, a list or names with
  /// tokens.
  std::vector<Json> extra() const {
    return tokens({"extra_special_tokens", "model_specific_special_tokens"});
  }

  /// Tokens that the files add, by id.
  const std::map<int64_t, Json>& added_tokens() const { return added_; }
  /// Whether tokenizer_config.json lists the added tokens itself; then older files do not count.
  bool lists_added_tokens() const { return lists_added_; }

 private:
  void merge_special_tokens(const Json& special_tokens_map, Watch& watch);
  void read_added_tokens(const std::filesystem::path& folder, Watch& watch);
  std::vector<Json> tokens(std::initializer_list<std::string_view> keys) const;

  Json values_ = Json::object();
  std::map<int64_t, Json> added_;
  bool lists_added_ = false;
  bool lists_extra_ = false;  // whether tokenizer_config.json has extra_special_tokens as a list
  mutable std::set<std::string, std::less<>> asked_;  // keys; a reader's, no tokenizer holds it
};

/// Strings stay, objects become added tokens with all flags. Throws `Error` on anything else.
Json special_token_from(std::string_view key, const Json& value);

}  // namespace locus::tokenization
