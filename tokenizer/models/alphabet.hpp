// What byte-pair encoding begins with: the smallest symbols of a word.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/models/byte_pair.hpp"
#include "tokenizer/models/word_cutter.hpp"

namespace locus::tokenization {

/// A token and the text that it stands for.
struct Spelling {
  std::string text;
  int32_t id;
};

class Alphabet {
 public:
  virtual ~Alphabet() = default;
  /// Appends the symbols of `word`. False where one of them needs the unknown token, and the
  /// vocabulary lacks that.
  virtual bool spell(std::string_view word, std::vector<Symbol>& symbols) const = 0;
  virtual std::vector<Spelling> spellings(Watch& watch) const = 0;
  virtual std::string kind() const = 0;
};

std::unique_ptr<const Alphabet> byte_alphabet(VocabularyPointer vocabulary,
                                              const BytePairOptions& options);
std::unique_ptr<const Alphabet> character_alphabet(VocabularyPointer vocabulary,
                                                   const BytePairOptions& options);

}  // namespace locus::tokenization
