#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "tokenizer/folder/class_rules.hpp"

namespace locus::tokenization {
namespace {

struct SpecialToken {
  Json token;  // a string, or an added token
  std::string content() const {
    return token.is_string() ? token.get<std::string>() : string_at(token, "content");
  }
};

// Strings that a class itself wraps into added tokens.
Json wrapped(const std::string& content, std::string_view role, const SpecialFlags& flags) {
  Json token = plain_token(content, true);
  if (role == "mask_token" && flags.mask_takes_space) {
    token["lstrip"] = true;
    token["normalized"] = flags.mask_normalized;
  } else {
    token["normalized"] = flags.normalized || (role == "unk_token" && flags.unknown_normalized);
  }
  return token;
}

class SpecialTokens {
 public:
  SpecialTokens(const Json& document, const Source& source, const SpecialFlags& flags)
      : document_(document), source_(source), flags_(flags) {
    for (const std::string_view role : special_roles) add_role(role);
    named_ = contents_;
    add_all(additional());
    add_all(source_.settings.extra());
  }

  /// What the folder lists by ids, in their order: the tokens of tokenizer_config.json, or else
  /// those of added_tokens.json, of which tokenizer.json's take the place.
  std::map<int64_t, Json> listed() const {
    std::map<int64_t, Json> tokens = source_.settings.added_tokens();
    if (!source_.settings.lists_added_tokens() && std::filesystem::exists(document_path())) {
      for (const Json& token : value_or_null(document_, "added_tokens")) {
        tokens[integer_or(token, "id", -1)] = token;
      }
    }
    return tokens;
  }

  const std::vector<SpecialToken>& all() const { return all_; }

  /// Whether a token that the folder lists is a special one by its content.
  bool makes_special(const Json& token) const {
    const auto& specials = source_.settings.of_version_5() ? named_ : contents_;
    return specials.count(string_at(token, "content")) > 0;
  }

 private:
  std::filesystem::path document_path() const { return source_.folder / "tokenizer.json"; }

  void add(Json token) {
    if (token.is_null()) return;
    SpecialToken special{std::move(token)};
    const bool is_new = contents_.insert(special.content()).second;
    if (is_new || source_.settings.of_version_5()) all_.push_back(std::move(special));
  }

  // Of equal contents in one list each counts, one after the other.
  void add_all(std::vector<Json> tokens) {
    const auto known = contents_;
    for (Json& token : tokens) {
      if (token.is_null()) continue;
      SpecialToken special{std::move(token)};
      contents_.insert(special.content());
      const bool is_new = known.count(special.content()) == 0;
      if (is_new || source_.settings.of_version_5()) all_.push_back(std::move(special));
    }
  }

  void add_role(std::string_view role) {
    auto [token, from_class] = source_.settings.special(role, source_.type.specials);
    if (token.is_null()) return add(padding_token(role));
    const std::string content = SpecialToken{token}.content();
    const Json* listed = from_class ? nullptr : listed_token(content);
    const bool mask = role == "mask_token" && flags_.mask_takes_space;
    const bool unknown = role == "unk_token" && flags_.unknown_normalized;
    const bool other = role == "sep_token" || role == "cls_token" || role == "mask_token";
    const bool all = flags_.normalized && !(flags_.leaves_others && other);
    if (!listed && !from_class && role == "mask_token" && token.is_string()) {
      expect_known_class(content);
    }
    if (listed) {
      token = *listed;
    } else if (token.is_string() && (mask || unknown || all)) {
      token = wrapped(content, role, flags_);
    }
    add(std::move(token));
  }

  // Many classes let a mask take the space before it.
  void expect_known_class(const std::string& content) const {
    if (class_is_known(source_)) return;
    throw Error("mask_token",
                "a token that tokenizer.json lists, as Locus does not know '" +
                    source_.settings.text("tokenizer_class", "") + "'",
                "'" + content + "'");
  }

  // What tokenizer.json pads with is the padding of a class that has none.
  Json padding_token(std::string_view role) const {
    if (role != "pad_token" || source_.settings.contains(role)) return {};
    return value_or_null(value_or_null(document_, "padding"), "pad_token");
  }

  // Tokens that the settings name are looked up among those that the files list.
  const Json* listed_token(const std::string& content) const {
    const Json* found = nullptr;
    const auto look_at = [&](const Json& token) {
      if (value_or_null(token, "content") == content) found = &token;
    };
    const Settings& settings = source_.settings;
    if (settings.lists_added_tokens() || settings.of_version_5()) {
      for (const auto& [id, token] : settings.added_tokens()) look_at(token);
    }
    if (settings.lists_added_tokens()) return found;
    for (const Json& token : value_or_null(document_, "added_tokens")) look_at(token);
    return found;
  }

  std::vector<Json> additional() const {
    const bool by_class = source_.type.additional && !source_.settings.of_version_5();
    return by_class ? source_.type.additional(source_) : source_.settings.additional();
  }

  const Json& document_;
  const Source& source_;
  const SpecialFlags& flags_;
  std::vector<SpecialToken> all_;
  std::unordered_set<std::string> contents_, named_;
};

}  // namespace

std::vector<Json> additional_of_t5(const Source& source) {
  std::vector<Json> tokens = source.settings.additional();
  const bool sentinels = std::any_of(tokens.begin(), tokens.end(), [](const Json& token) {
    return !token.is_null() && SpecialToken{token}.content().starts_with("<extra_id_");
  });
  if (sentinels) return tokens;
  const int64_t count = source.settings.count("extra_ids", 100);
  for (int64_t i = 0; i < count; ++i) tokens.push_back("<extra_id_" + std::to_string(i) + ">");
  return tokens;
}

void add_tokens(Json& document, const Source& source, const SpecialFlags& flags) {
  const SpecialTokens specials(document, source, flags);
  const auto listed = specials.listed();
  DocumentTokens tokens(document, source.watch);
  tokens.renumber();
  for (auto [id, token] : listed) {
    if (specials.makes_special(token)) token["special"] = true;
    tokens.add(std::move(token));
  }
  std::unordered_multimap<std::string, const Json*> by_content;
  for (const auto& each : listed) {
    by_content.emplace(string_at(each.second, "content"), &each.second);
  }
  const auto is_listed = [&by_content](const Json& token) {
    const auto [first, last] = by_content.equal_range(string_at(token, "content"));
    return std::any_of(first, last,
                       [&token](const auto& each) { return equal_tokens(*each.second, token); });
  };
  // Transformers 4.49 gives the tokens that are there the flags of special ones, 5 leaves them.
  const bool keeps = source.settings.of_version_5();
  const DocumentTokens before = tokens;
  for (const SpecialToken& special : specials.all()) {
    source.watch.spend(Watch::bytes_per_token);
    const DocumentTokens& known = keeps ? before : tokens;
    if ((keeps || special.token.is_string()) && known.is_added(special.content())) continue;
    if (special.token.is_object() && is_listed(special.token)) continue;
    Json token = special.token.is_string() ? plain_token(special.content(), true) : special.token;
    token["special"] = true;
    tokens.add(std::move(token));
  }
  if (keeps) tokens.keep_last();
  tokens.resolve_template();
}

}  // namespace locus::tokenization
