#include <algorithm>
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
    for (Json& token : additional()) add(std::move(token));
    for (Json& token : source_.settings.extra()) add(std::move(token));
  }

  const std::vector<SpecialToken>& all() const { return all_; }
  bool holds(const std::string& content) const { return contents_.count(content) > 0; }

 private:
  void add(Json token) {
    if (token.is_null()) return;
    SpecialToken special{std::move(token)};
    if (contents_.insert(special.content()).second) all_.push_back(std::move(special));
  }

  void add_role(std::string_view role) {
    auto [token, from_class] = source_.settings.special(role, source_.type.specials);
    if (token.is_string()) {
      const std::string content = token.get<std::string>();
      const Json* listed = from_class ? nullptr : listed_token(content);
      const bool mask = role == "mask_token" && flags_.mask_takes_space;
      const bool unknown = role == "unk_token" && flags_.unknown_normalized;
      if (listed) {
        token = *listed;
      } else if (mask || unknown || flags_.normalized) {
        token = wrapped(content, role, flags_);
      }
    }
    add(std::move(token));
  }

  // Strings that the settings name are looked up among the tokens that the files list.
  const Json* listed_token(const std::string& content) const {
    const auto same = [&](const Json& token) { return value_or_null(token, "content") == content; };
    for (const auto& [id, token] : source_.settings.added_tokens()) {
      if (same(token)) return &token;
    }
    if (source_.settings.lists_added_tokens()) return nullptr;
    for (const Json& token : value_or_null(document_, "added_tokens")) {
      if (same(token)) return &token;
    }
    return nullptr;
  }

  std::vector<Json> additional() const {
    const bool by_class = source_.type.additional && !source_.settings.of_version_5();
    return by_class ? source_.type.additional(source_) : source_.settings.additional();
  }

  const Json& document_;
  const Source& source_;
  const SpecialFlags& flags_;
  std::vector<SpecialToken> all_;
  std::unordered_set<std::string> contents_;
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
  DocumentTokens tokens(document);
  tokens.renumber();
  const SpecialTokens specials(document, source, flags);
  for (auto [id, token] : source.settings.added_tokens()) {
    if (specials.holds(string_at(token, "content"))) token["special"] = true;
    tokens.add(std::move(token));
  }
  for (const SpecialToken& special : specials.all()) {
    if (!special.token.is_string()) {
      Json token = special.token;
      token["special"] = true;
      tokens.add(std::move(token));
    } else if (!tokens.is_added(special.content())) {
      tokens.add(plain_token(special.content(), true));
    }
  }
  tokens.resolve_template();
}

}  // namespace locus::tokenization
