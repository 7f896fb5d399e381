#include "tokenizer/models/word_piece.hpp"

#include "base/error.hpp"
#include "tokenizer/models/word_cutter.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

// The token that stands for unknown words. A vocabulary may lack it as long as none comes up.
class UnknownToken {
 public:
  UnknownToken(const Vocabulary& vocabulary, std::string token)
      : token_(std::move(token)), id_(vocabulary.id(token_)) {}

  int32_t id() const {
    if (!id_) throw Error("vocabulary", "the unknown token '" + token_ + "'", "none");
    return *id_;
  }

 private:
  std::string token_;
  std::optional<int32_t> id_;
};

Trie continuations(const Vocabulary& vocabulary, std::string_view prefix, Watch& watch) {
  std::vector<Trie::Entry> entries;
  for (int32_t id = 0; id < vocabulary.size(); ++id) {
    watch.spend(Watch::bytes_per_token);
    const std::string_view token = vocabulary.token(id);
    if (!token.starts_with(prefix) || vocabulary.id(token) != id) continue;
    entries.push_back({token.substr(prefix.size()), id});
  }
  return Trie(std::move(entries), watch);
}

class WordPiece : public Model {
 public:
  WordPiece(VocabularyPointer vocabulary, const WordPieceOptions& options, Watch& watch)
      : vocabulary_(std::move(vocabulary)),
        continuations_(continuations(*vocabulary_, options.prefix, watch)),
        unknown_(*vocabulary_, options.unknown),
        max_word_length_(options.max_word_length) {}

  void tokenize(const AlignedText& text, std::span<const Range> words,
                std::vector<Piece>& pieces) const override {
    pieces.reserve(pieces.size() + words.size() + words.size() / 2);
    for_each_word(text, words, [&](Range word, std::string_view spelling) {
      const std::size_t before = pieces.size();
      if (cut(spelling, word.begin, pieces)) return;
      pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(before), pieces.end());
      pieces.push_back({unknown_.id(), word.begin, word.end});
    });
  }

  std::string kind() const override { return "WordPiece"; }

 private:
  bool too_long(std::string_view word) const {
    return word.size() > max_word_length_ && count_code_points(word) > max_word_length_;
  }

  bool cut(std::string_view word, std::size_t offset, std::vector<Piece>& pieces) const {
    if (too_long(word)) return false;
    const Trie* trie = &vocabulary_->trie();
    for (std::size_t at = 0; at < word.size(); trie = &continuations_) {
      const Trie::Match match = trie->longest_prefix(word.substr(at));
      if (match.size == 0) return false;
      pieces.push_back({match.value, offset + at, offset + at + match.size});
      at += match.size;
    }
    return true;
  }

  VocabularyPointer vocabulary_;
  Trie continuations_;
  UnknownToken unknown_;
  std::size_t max_word_length_;
};

class WordLevel : public Model {
 public:
  WordLevel(VocabularyPointer vocabulary, std::string unknown)
      : vocabulary_(std::move(vocabulary)), unknown_(*vocabulary_, std::move(unknown)) {}

  void tokenize(const AlignedText& text, std::span<const Range> words,
                std::vector<Piece>& pieces) const override {
    for_each_word(text, words, [&](Range word, std::string_view spelling) {
      const auto id = vocabulary_->id(spelling);
      pieces.push_back({id ? *id : unknown_.id(), word.begin, word.end});
    });
  }

  std::string kind() const override { return "WordLevel"; }

 private:
  VocabularyPointer vocabulary_;
  UnknownToken unknown_;
};

}  // namespace

ModelPointer word_piece_model(VocabularyPointer vocabulary, const WordPieceOptions& options,
                              Watch& watch) {
  return std::make_unique<WordPiece>(std::move(vocabulary), options, watch);
}

ModelPointer word_level_model(VocabularyPointer vocabulary, std::string unknown) {
  return std::make_unique<WordLevel>(std::move(vocabulary), std::move(unknown));
}

}  // namespace locus::tokenization
