#include "tokenizer/models/alphabet.hpp"

#include <array>

#include "tokenizer/models/byte_fallback.hpp"
#include "tokenizer/text/byte_spelling.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

constexpr int32_t none = -1;

class ByteAlphabet : public Alphabet {
 public:
  ByteAlphabet(VocabularyPointer vocabulary, const BytePairOptions& options)
      : vocabulary_(std::move(vocabulary)), drops_unknown_(!options.unknown) {
    const int32_t unknown =
        options.unknown ? vocabulary_->id(*options.unknown).value_or(none) : none;
    for (unsigned byte = 0; byte < ids_.size(); ++byte) {
      std::string token;
      append(token, spelling(static_cast<uint8_t>(byte)));
      ids_[byte] = vocabulary_->id(token).value_or(unknown);
    }
  }

  bool spell(std::string_view word, std::vector<Symbol>& symbols) const override {
    for (uint32_t at = 0; at < word.size(); ++at) {
      const int32_t id = ids_[static_cast<unsigned char>(word[at])];
      if (id != none) {
        symbols.push_back({id, at, at + 1});
      } else if (!drops_unknown_) {
        return false;
      }
    }
    return true;
  }

  // Tokens that spell no bytes match no text.
  std::vector<Spelling> spellings(Watch& watch) const override {
    std::vector<Spelling> spellings;
    for (int32_t id = 0; id < vocabulary_->size(); ++id) {
      watch.spend(Watch::bytes_per_token);
      auto bytes = spelled_bytes(vocabulary_->token(id));
      if (bytes && !bytes->empty()) spellings.push_back({std::move(*bytes), id});
    }
    return spellings;
  }

  std::string kind() const override { return "byte-level BPE"; }

 private:
  VocabularyPointer vocabulary_;
  bool drops_unknown_;
  std::array<int32_t, 256> ids_;
};

class CharacterAlphabet : public Alphabet {
 public:
  CharacterAlphabet(VocabularyPointer vocabulary, const BytePairOptions& options)
      : vocabulary_(std::move(vocabulary)), options_(options), bytes_(*vocabulary_) {
    if (options_.unknown) unknown_ = vocabulary_->id(*options_.unknown).value_or(none);
  }

  bool spell(std::string_view word, std::vector<Symbol>& symbols) const override {
    bool fusible = false;  // the last symbol is an unknown one
    std::string marked;
    for (uint32_t at = 0; at < word.size();) {
      const auto size = static_cast<uint32_t>(code_point(word, at).size);
      const std::string_view character = spelled(word, {at, at + size}, marked);
      if (const auto id = vocabulary_->id(character)) {
        symbols.push_back({*id, at, at + size});
        fusible = false;
      } else if (options_.byte_fallback && bytes_.covers(character)) {
        for (uint32_t i = at; i < at + size; ++i) symbols.push_back({bytes_.id(word[i]), i, i + 1});
        fusible = false;
      } else if (options_.unknown) {
        if (unknown_ == none) return false;
        add_unknown({unknown_, at, at + size}, fusible, symbols);
        fusible = options_.fuse_unknown;
      }
      at += size;
    }
    return true;
  }

  // A word that ends with the suffix's token is spelled without it, unless tokens count as they
  // are.
  std::vector<Spelling> spellings(Watch& watch) const override {
    std::vector<Spelling> spellings;
    const std::string_view suffix = options_.ignore_merges ? "" : std::string_view(options_.suffix);
    for (int32_t id = 0; id < vocabulary_->size(); ++id) {
      watch.spend(Watch::bytes_per_token);
      std::string_view token = vocabulary_->token(id);
      if (!token.ends_with(suffix)) continue;
      token.remove_suffix(suffix.size());
      if (!token.empty()) spellings.push_back({std::string(token), id});
    }
    return spellings;
  }

  std::string kind() const override { return "BPE"; }

 private:
  // The vocabulary's spelling of a character within its word; `marked` holds it where it differs.
  std::string_view spelled(std::string_view word, Range range, std::string& marked) const {
    const std::string_view character = word.substr(range.begin, range.end - range.begin);
    const bool continues = range.begin > 0 && !options_.prefix.empty();
    const bool ends = range.end == word.size() && !options_.suffix.empty();
    if (!continues && !ends) return character;
    marked.assign(continues ? std::string_view(options_.prefix) : std::string_view());
    marked += character;
    if (ends) marked += options_.suffix;
    return marked;
  }

  static void add_unknown(Symbol symbol, bool fusible, std::vector<Symbol>& symbols) {
    if (fusible) {
      symbols.back().end = symbol.end;
    } else {
      symbols.push_back(symbol);
    }
  }

  VocabularyPointer vocabulary_;
  BytePairOptions options_;
  ByteFallback bytes_;
  int32_t unknown_ = none;
};

}  // namespace

std::unique_ptr<const Alphabet> byte_alphabet(VocabularyPointer vocabulary,
                                              const BytePairOptions& options) {
  return std::make_unique<ByteAlphabet>(std::move(vocabulary), options);
}

std::unique_ptr<const Alphabet> character_alphabet(VocabularyPointer vocabulary,
                                                   const BytePairOptions& options) {
  return std::make_unique<CharacterAlphabet>(std::move(vocabulary), options);
}

}  // namespace locus::tokenization
