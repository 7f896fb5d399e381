#include "tokenizer/models/vocabulary.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"

namespace locus::tokenization {
namespace {

// A stray id must not make the table of tokens huge.
constexpr int64_t largest_gap = 1 << 20;

std::size_t table_size(const std::vector<Vocabulary::Entry>& entries) {
  int64_t largest = -1;
  const int64_t limit = static_cast<int64_t>(entries.size()) + largest_gap;
  for (const auto& [token, id] : entries) {
    if (id < 0 || id >= limit) {
      throw Error("vocabulary entry '" + token + "'",
                  "an id from 0 to " + std::to_string(limit - 1), std::to_string(id));
    }
    largest = std::max<int64_t>(largest, id);
  }
  return static_cast<std::size_t>(largest + 1);
}

}  // namespace

Vocabulary::Vocabulary(const std::vector<Entry>& entries, Watch& watch)
    : tokens_(table_size(entries)), present_(tokens_.size()) {
  std::unordered_map<std::string_view, int32_t> last;
  last.reserve(entries.size());
  for (const auto& [token, id] : entries) {
    watch.spend(Watch::bytes_per_token);
    last[token] = id;
  }
  std::vector<Trie::Entry> keys;
  keys.reserve(last.size());
  for (const auto& [token, id] : entries) {
    watch.spend(Watch::bytes_per_token);
    if (last.at(token) != id) continue;
    tokens_[static_cast<std::size_t>(id)] = token;
    present_[static_cast<std::size_t>(id)] = true;
    keys.push_back({token, id});
  }
  count_ = static_cast<int64_t>(last.size());
  ids_ = Trie(std::move(keys), watch);
}

std::string_view Vocabulary::token(int32_t id) const {
  return has(id) ? std::string_view(tokens_[static_cast<std::size_t>(id)]) : std::string_view();
}

bool Vocabulary::has(int32_t id) const {
  return id >= 0 && static_cast<std::size_t>(id) < present_.size() &&
         present_[static_cast<std::size_t>(id)];
}

}  // namespace locus::tokenization
