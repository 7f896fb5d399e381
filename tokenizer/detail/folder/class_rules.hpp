// What a class of the reference changes in a document after reading it.
#pragma once

#include "tokenizer/detail/folder/tokenizer_class.hpp"

namespace locus::tokenization {

/// BERT's classes: case, accents and CJK as tokenizer_config.json says, whatever the document says.
void adjust_bert(Json& document, const Source& source);
/// Its RoFormer variant: word-level vocabularies need a segmenter and are refused with an `Error`.
void adjust_roformer(Json& document, const Source& source);
void adjust_roberta(Json& document, const Source& source);
/// Llama's and GPT-NeoX's: bos and eos as add_bos_token and add_eos_token say.
void adjust_llama(Json& document, const Source& source);
void adjust_gpt_neox(Json& document, const Source& source);

/// Every class: add_prefix_space of a byte-level pre-tokenizer.
void adjust_prefix_space(Json& document, const Settings& settings);

/// Adds the special and other tokens of the settings that the document does not hold.
void add_tokens(Json& document, const Source& source, const SpecialFlags& flags);

}  // namespace locus::tokenization
