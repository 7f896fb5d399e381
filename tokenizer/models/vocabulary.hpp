// Tokens and their ids.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenizer/text/trie.hpp"

namespace locus::tokenization {

/// Immutable. Ids need not be dense: an id without a token has an empty one.
class Vocabulary {
 public:
  struct Entry {
    std::string token;
    int32_t id;
  };
  /// Of equal tokens the last entry counts, as in the reference's dictionaries. Throws `Error` on a
  /// negative id and on one far beyond the number of entries.
  Vocabulary(const std::vector<Entry>& entries, Watch& watch);

  std::optional<int32_t> id(std::string_view token) const { return ids_.find(token); }
  /// Empty for an id without a token.
  std::string_view token(int32_t id) const;
  bool has(int32_t id) const;
  /// One more than the largest id.
  int64_t size() const { return static_cast<int64_t>(tokens_.size()); }
  /// The number of distinct tokens.
  int64_t count() const { return count_; }
  const Trie& trie() const { return ids_; }

 private:
  std::vector<std::string> tokens_;
  std::vector<bool> present_;
  Trie ids_;
  int64_t count_ = 0;
};

using VocabularyPointer = std::shared_ptr<const Vocabulary>;

}  // namespace locus::tokenization
