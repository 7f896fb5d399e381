// Tokens of a text, and how texts become ids and ids become text.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace locus {

/// A half-open range of bytes of the UTF-8 text that was encoded.
struct Span {
  int64_t begin = 0;
  int64_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

/// The tokens of one text or of a pair, as parallel arrays of one length N.
struct EncodedText {
  std::vector<int32_t> ids;         // [N]
  std::vector<std::string> tokens;  // [N] as the vocabulary spells them
  std::vector<std::optional<Span>>
      offsets;                     // [N] in the text of the token's sequence; none if added
  std::vector<int32_t> type_ids;   // [N] token_type_ids, as the template says
  std::vector<uint8_t> special;    // [N] 1 for tokens the template added, not the text
  std::vector<int32_t> words;      // [N] number of the pre-tokenized word; -1 if added
  std::vector<int32_t> sequences;  // [N] 0 first text, 1 second text; -1 if added
  bool truncated = false;          // text was cut to satisfy EncodeOptions::max_length
};

/// How a text becomes ids.
struct EncodeOptions {
  bool special = true;  ///< Add what the tokenizer's template adds ([CLS], </s>, ...).
  std::optional<int64_t> max_length;  ///< Cut the longer text until N fits, as the reference's
                                      ///< `truncation=True` does, on the side that the files say
                                      ///< (usually the right). None: never cut.
  /// Called every few milliseconds of a long text; what it throws ends the encoding.
  std::function<void()> check = {};
};

/// How ids become text.
struct DecodeOptions {
  bool skip_special = false;  ///< Leave out special tokens, those of the vocabulary included.
  /// Called every few milliseconds of many ids; what it throws ends the decoding.
  std::function<void()> check = {};
};

/// The ids that play a part in models. None where the tokenizer has no such token.
struct SpecialIds {
  std::optional<int32_t> bos, eos, pad, unknown, mask, cls, separator;
};

}  // namespace locus
