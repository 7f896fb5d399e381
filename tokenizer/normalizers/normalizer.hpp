// What happens to a text before it is cut into words.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tokenizer/text/aligned_text.hpp"
#include "tokenizer/text/pattern.hpp"

namespace locus::tokenization {

class Normalizer {
 public:
  virtual ~Normalizer() = default;
  virtual void normalize(AlignedText& text) const = 0;
};

using NormalizerPointer = std::unique_ptr<const Normalizer>;

/// BERT's: Devlin et al. 2018, `BasicTokenizer` before it splits.
struct BertNormalization {
  bool clean_text = true;            // drops control characters, makes any white space a space
  bool handle_chinese_chars = true;  // puts spaces around CJK ideographs
  bool strip_accents = true;         // decomposes and drops nonspacing marks
  bool lowercase = true;
};
NormalizerPointer bert_normalizer(const BertNormalization& options);

enum class UnicodeForm { nfc, nfd, nfkc, nfkd };
NormalizerPointer unicode_normalizer(UnicodeForm form);

NormalizerPointer lowercase_normalizer();
NormalizerPointer strip_accents_normalizer();

enum class Sides { none, left, right, both };
NormalizerPointer strip_normalizer(Sides sides);

/// Puts a string before a text that is not empty.
NormalizerPointer prepend_normalizer(std::string prefix);
NormalizerPointer replace_normalizer(Pattern pattern, std::string content);

/// SentencePiece's compiled character map: a Darts trie over UTF-8 and NUL-terminated replacements
/// (sentencepiece, `normalizer.cc`). Throws `Error` when the bytes are not such a map.
NormalizerPointer character_map_normalizer(std::string bytes);

/// Spells each byte as the printable character of byte-level vocabularies.
NormalizerPointer byte_level_normalizer();
/// Drops control characters and makes line ends, zero-width characters and marks spaces.
NormalizerPointer nmt_normalizer();

NormalizerPointer normalizer_sequence(std::vector<NormalizerPointer> steps);

}  // namespace locus::tokenization
