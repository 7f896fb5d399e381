// The parts of a tokenizer, each replaceable, and the order in which they work.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/decoders/decoder.hpp"
#include "tokenizer/encoded_text.hpp"
#include "tokenizer/models/model.hpp"
#include "tokenizer/models/vocabulary.hpp"
#include "tokenizer/normalizers/normalizer.hpp"
#include "tokenizer/pipeline/added_tokens.hpp"
#include "tokenizer/pipeline/template.hpp"
#include "tokenizer/pre_tokenizers/pre_tokenizer.hpp"

namespace locus::tokenization {

/// A token of a text before the template is applied.
struct TextToken {
  int32_t id;
  Span origin;   // bytes of the input
  int32_t word;  // number of the stretch or word it was cut from
};

struct Pipeline {
  NormalizerPointer normalizer;       // may be null
  PreTokenizerPointer pre_tokenizer;  // may be null: the whole text is a word
  ModelPointer model;
  VocabularyPointer vocabulary;
  VocabularyPointer decoded;  // of ids that become text, where it is another; null: the same
  AddedTokens added;
  PostProcessing post_processing;
  DecoderPointer decoder;
  SpecialIds special_ids;
  bool cleans_spaces = false;  // the reference's clean_up_tokenization_spaces
  bool gives_types = true;     // token_type_ids are among the reference's model_input_names
  bool cuts_left = false;      // texts that are too long lose their beginning (truncation_side)
  std::vector<std::string> unread_keys;  // of tokenizer_config.json
  std::string word_end;                  // what the vocabulary marks the last token of a word with

  /// Throws `Error` when the text is not UTF-8, and what `watch` throws.
  std::vector<TextToken> tokenize(std::string_view text, Watch& watch) const;
  /// The ids of the same tokens, without their origins' cost.
  std::vector<int32_t> ids(std::string_view text, Watch& watch) const;

  /// Text without the last clean-up. Ids without a token are skipped.
  std::string join(std::span<const int32_t> ids, const DecodeOptions& options) const;
  std::string clean(std::string text, const std::function<void()>& check = {}) const;

  std::string_view token(int32_t id) const;
  /// The token of an id that becomes text.
  std::string_view decoded_token(int32_t id) const;
  std::optional<int32_t> id(std::string_view token) const;
  int64_t size() const;
};

}  // namespace locus::tokenization
