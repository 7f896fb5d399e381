#pragma once

#include <functional>
#include <string_view>

#include "tokenizer/pre_tokenizers/pre_tokenizer.hpp"
#include "tokenizer/text/segmenter.hpp"

namespace locus::tokenization {

using KnownWord = std::function<bool(std::string_view)>;

/// RoFormer's (transformers, `JiebaPreTokenizer`): a dictionary's words as far as the vocabulary
/// has them, single ideographs of the others.
PreTokenizerPointer dictionary_words_pre_tokenizer(Segmenter segmenter, KnownWord is_known);

}  // namespace locus::tokenization
