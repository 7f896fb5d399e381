#include "tokenizer/pipeline/added_tokens.hpp"

#include <algorithm>

#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

constexpr std::size_t candidate_bytes = 8;  // of other work take as long as looking at one

bool ends_in_word(std::string_view text) {
  return !text.empty() && is_word_character(code_point(text, previous(text, text.size())).value);
}

bool begins_with_word(std::string_view text) {
  return !text.empty() && is_word_character(code_point(text, 0).value);
}

bool takes(const AddedToken& token, char32_t value) {
  const bool separates = value >= 0x1C && value <= 0x1F;
  return is_white_space(value) || (separates && token.takes_separators);
}

// Where the white space before byte `end` begins, if the token takes it; never before `first`.
std::size_t space_begin(const AddedToken& token, std::string_view text, std::size_t first,
                        std::size_t end) {
  while (token.takes_space_before && end > first) {
    const std::size_t at = previous(text, end);
    if (!takes(token, code_point(text, at).value)) break;
    end = at;
  }
  return end;
}

std::size_t space_end(const AddedToken& token, std::string_view text, std::size_t at) {
  while (token.takes_space_after && at < text.size()) {
    const auto [value, size] = code_point(text, at);
    if (!takes(token, value)) break;
    at += size;
  }
  return at;
}

bool stands_alone(std::string_view text, Range match) {
  return !ends_in_word(text.substr(0, match.begin)) && !begins_with_word(text.substr(match.end));
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens, const Normalizer* normalizer, Watch& watch)
    : tokens_(std::move(tokens)) {
  std::vector<std::size_t> special, plain;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    watch.spend(Watch::bytes_per_token);
    const AddedToken& token = tokens_[i];
    largest_id_ = std::max<int64_t>(largest_id_, token.id);
    by_id_[token.id] = i;
    by_content_[token.content] = i;
    if (token.special && special_.insert(token.content).second) {
      special.push_back(i);
    } else if (special_.count(token.content) == 0) {
      plain.push_back(i);
    }
  }
  special.insert(special.end(), plain.begin(), plain.end());
  build_finders(special, normalizer, watch);
}

void AddedTokens::build_finders(const std::vector<std::size_t>& listed,
                                const Normalizer* normalizer, Watch& watch) {
  Finder::Keys raw, normalized;
  for (const std::size_t i : listed) {
    watch.spend(Watch::bytes_per_token);
    const AddedToken& token = tokens_[i];
    const AddedToken* counts = &tokens_[by_id_.at(token.id)];
    if (!token.normalized) {
      raw.emplace_back(token.content, counts);
      continue;
    }
    AlignedText content(token.content, Alignment::none, watch);
    if (normalizer) normalizer->normalize(content);
    normalized.emplace_back(content.view(), counts);
  }
  raw_.build(raw, watch);
  normalized_.build(normalized, watch);
}

const AddedToken* AddedTokens::find(int32_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &tokens_[found->second];
}

std::optional<int32_t> AddedTokens::id(std::string_view content) const {
  const auto found = by_content_.find(content);
  return found == by_content_.end() ? std::nullopt : std::optional(tokens_[found->second].id);
}

bool AddedTokens::is_special(std::string_view content) const { return special_.count(content) > 0; }

void AddedTokens::hide_special() {
  for (AddedToken& token : tokens_) token.hidden = is_special(token.content);
}

void AddedTokens::hide_all() {
  for (AddedToken& token : tokens_) token.hidden = true;
}

void AddedTokens::Finder::build(const Keys& keys, Watch& watch) {
  std::vector<Trie::Entry> entries;
  std::unordered_set<std::string_view> known;
  for (const auto& [key, token] : keys) {
    watch.spend(Watch::bytes_per_token);
    if (key.empty() || !known.insert(key).second) continue;
    entries.push_back({key, static_cast<int32_t>(tokens_.size())});
    tokens_.push_back(token);
    begins_[static_cast<unsigned char>(key.front())] = true;
  }
  trie_ = Trie(std::move(entries), watch);
}

std::size_t AddedTokens::Finder::next_candidate(std::string_view text, std::size_t at) const {
  while (at < text.size() && !begins_[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

std::vector<Stretch> AddedTokens::Finder::split(std::string_view text, Watch& watch) const {
  std::vector<Stretch> stretches;
  std::size_t done = 0;
  const auto finish = [&](std::size_t end) {
    if (done < end) stretches.push_back({{done, end}, nullptr});
  };
  for (std::size_t at = empty() ? text.size() : 0; (at = next_candidate(text, at)) < text.size();) {
    watch.spend(candidate_bytes);
    const Trie::Match match = trie_.longest_prefix(text.substr(at));
    if (match.size == 0) {
      ++at;
      continue;
    }
    const AddedToken& token = *tokens_[static_cast<std::size_t>(match.value)];
    Range range{at, at + match.size};
    at = range.end;
    if (token.hidden || (token.single_word && !stands_alone(text, range))) continue;
    range = {std::max<std::size_t>(range.begin, done), range.end};
    range = {space_begin(token, text, done, range.begin), space_end(token, text, range.end)};
    finish(range.begin);
    stretches.push_back({range, &token});
    done = range.end;
    at = std::max(at, done);
  }
  finish(text.size());
  return stretches;
}

}  // namespace locus::tokenization
