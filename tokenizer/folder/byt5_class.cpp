// ByT5's tokenizer: byte b is token b + 3, after three special tokens, and the sentinels follow. No
// file holds a vocabulary (transformers, `ByT5Tokenizer`).
#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "tokenizer/folder/class_rules.hpp"
#include "tokenizer/models/bytes.hpp"
#include "tokenizer/pipeline/pipeline.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

constexpr std::string_view first_roles[] = {"pad_token", "eos_token", "unk_token"};  // ids 0 to 2
constexpr int32_t first_byte = 3, byte_count = 256;

std::string spelling_of(const Json& token) {
  return token.is_string() ? token.get<std::string>() : string_at(token, "content");
}

std::vector<Json> byte_sentinels(const Source& source) {
  std::vector<Json> tokens;
  const int64_t count = source.settings.count("extra_ids", 125);
  for (int64_t i = 0; i < count; ++i) tokens.push_back("<extra_id_" + std::to_string(i) + ">");
  return tokens;
}

// transformers 5 takes the tokens of a file as they are. 4.49 wants as many sentinels among them as
// `extra_ids` says.
std::vector<Json> listed_or_sentinels(const Source& source) {
  const Settings& settings = source.settings;
  std::vector<Json> tokens = settings.additional();
  if (settings.of_version_5()) {
    const std::vector<Json> extra = settings.extra();
    tokens.insert(tokens.end(), extra.begin(), extra.end());
    const bool listed =
        settings.has("additional_special_tokens") || settings.has("extra_special_tokens");
    return listed ? tokens : byte_sentinels(source);
  }
  if (!settings.has("additional_special_tokens")) return byte_sentinels(source);
  std::set<std::string> sentinels;
  for (const Json& token : tokens) {
    const std::string content = spelling_of(token);
    if (content.find("extra_id") != std::string::npos) sentinels.insert(content);
  }
  const int64_t count = settings.count("extra_ids", 125);
  if (count > 0 && !tokens.empty() && sentinels.size() != static_cast<std::size_t>(count)) {
    throw Error("additional_special_tokens",
                std::to_string(count) + " of extra_id, as extra_ids says",
                std::to_string(sentinels.size()));
  }
  return tokens;
}

/// The tokens that are no bytes, with their ids.
class ByteTokens {
 public:
  explicit ByteTokens(const Source& source) : source_(source) {
    const Settings& settings = source.settings;
    for (std::size_t id = 0; id < std::size(first_roles); ++id) {
      const Json token = settings.special(first_roles[id], source.type.specials).token;
      if (token.is_null()) throw Error(first_roles[id], "a token", "none");
      put(first_roles[id], static_cast<int64_t>(id), token);
    }
    for (const auto& [id, token] : settings.added_tokens()) put("added_tokens_decoder", id, token);
    for (const std::string_view role : special_roles) {
      name(role, settings.special(role, source.type.specials).token);
    }
    const std::vector<Json> named =
        settings.of_version_5() ? std::vector<Json>() : settings.extra();
    for (const Json& token : named) name("extra_special_tokens", token);
    for (const Json& token : listed_or_sentinels(source)) {
      name("additional_special_tokens", token);
      additional_.insert(spelling_of(token));
    }
  }

  std::vector<AddedToken> added() const {
    std::vector<AddedToken> all;
    for (const auto& [id, token] : by_id_) {
      if (ids_.at(token.content) == id) all.push_back(token);
    }
    for (AddedToken& token : all) token.special = special_.contains(token.content);
    return all;
  }

  VocabularyPointer vocabulary() const {
    std::vector<Vocabulary::Entry> entries;
    for (int32_t b = 0; b < byte_count; ++b) {
      entries.push_back({byte_character(static_cast<unsigned>(b)), b + first_byte});
    }
    for (const auto& [id, token] : by_id_) entries.push_back({token.content, id});
    return std::make_shared<Vocabulary>(entries, source_.watch);
  }

  std::set<std::string> contents() const {
    std::set<std::string> all;
    for (const auto& [content, id] : ids_) all.insert(content);
    return all;
  }

  // Those that 4.49 decodes between spaces.
  std::set<std::string> apart() const {
    std::set<std::string> all;
    if (source_.settings.of_version_5()) return all;
    for (const auto& [content, id] : ids_) {
      const bool added = additional_.contains(content) && id >= byte_count;
      if (added || !special_.contains(content)) all.insert(content);
    }
    return all;
  }

 private:
  void name(std::string_view key, const Json& token) {
    if (token.is_null()) return;
    const std::string content = spelling_of(token);
    special_.insert(content);
    if (!ids_.contains(content)) put(key, byte_id(content).value_or(next_id()), token);
  }

  /// The id of the byte that is spelled so.
  static std::optional<int64_t> byte_id(const std::string& content) {
    if (content.empty() || count_code_points(content) > 1) return std::nullopt;
    const char32_t value = code_point(content, 0).value;
    return value < byte_count ? std::optional<int64_t>(first_byte + value) : std::nullopt;
  }

  int64_t next_id() const { return first_byte + byte_count + after_bytes_; }

  void put(std::string_view key, int64_t id, const Json& token) {
    source_.watch.spend(Watch::bytes_per_token);
    AddedToken added{.content = spelling_of(token), .id = static_cast<int32_t>(id)};
    if (added.content.empty()) return;
    const bool strips = id < first_byte;  // the class itself, where the token is a text
    added.takes_space_before = token.is_string() ? strips : bool_or(token, "lstrip", false);
    added.takes_space_after = token.is_string() ? strips : bool_or(token, "rstrip", false);
    added.takes_separators = true;
    expect_followed(key, added, token);
    ids_[added.content] = added.id;
    const int32_t own = added.id;
    const bool fresh = by_id_.insert_or_assign(own, std::move(added)).second;
    if (fresh && own >= first_byte + byte_count) ++after_bytes_;
  }

  // The reference gives a byte the id of a token of the same character, and cuts words at one
  // space.
  static void expect_followed(std::string_view key, const AddedToken& added, const Json& token) {
    const bool in_range = added.id >= first_byte && added.id < first_byte + byte_count;
    const auto byte = byte_id(added.content);
    if (byte != (in_range ? std::optional<int64_t>(added.id) : std::nullopt)) {
      throw Error(key, "tokens that are no bytes, with ids that are no bytes'",
                  "'" + added.content + "' as " + std::to_string(added.id));
    }
    if (token.is_object() && bool_or(token, "single_word", false)) {
      throw Error(key, "single_word false in a folder of ByT5", "true of '" + added.content + "'");
    }
  }

  const Source& source_;
  std::map<int32_t, AddedToken> by_id_;
  int64_t after_bytes_ = 0;  // tokens whose ids are greater than those of bytes
  std::map<std::string, int32_t> ids_;
  std::set<std::string> special_, additional_;
};

bool has_no_files(const std::filesystem::path&) { return true; }

std::unique_ptr<Pipeline> open_byt5(const Source& source, const TranslationSide&) {
  for (const char* unused : {"add_bos_token", "add_eos_token"}) source.settings.value(unused);
  const ByteTokens tokens(source);
  auto pipeline = std::make_unique<Pipeline>();
  pipeline->vocabulary = tokens.vocabulary();
  pipeline->added = AddedTokens(tokens.added(), nullptr, source.watch);
  std::array<int32_t, byte_count> ids{};
  for (int32_t b = 0; b < byte_count; ++b) ids[static_cast<std::size_t>(b)] = b + first_byte;
  pipeline->model = byte_model(ids);
  pipeline->decoder = byte_decoder(tokens.contents(), tokens.apart());
  using Kind = TemplateItem::Kind;
  const TemplateItem end{
      Kind::special, 0,
      *pipeline->added.id(source.settings.special_content("eos_token", source.type.specials)),
      true};
  pipeline->post_processing.arrangement = {{{Kind::first}, end},
                                           {{Kind::first}, end, {Kind::second}, end}};
  return pipeline;
}

}  // namespace

const WithoutDocument byt5_class{has_no_files, open_byt5};

}  // namespace locus::tokenization
