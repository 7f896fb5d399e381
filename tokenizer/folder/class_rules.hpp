// What a class of the reference changes in a document after reading it.
#pragma once

#include <memory>

#include "tokenizer/folder/folder.hpp"
#include "tokenizer/folder/tokenizer_class.hpp"
#include "tokenizer/pipeline/pipeline.hpp"

namespace locus::tokenization {

/// BERT's classes: case, accents and CJK as tokenizer_config.json says, whatever the document says.
void adjust_bert(Json& document, const Source& source);
/// RoFormer's class: only case and accents, in the way of BERT's classes.
void adjust_roformer(Json& document, const Source& source);
/// MPNet's class: as RoFormer's, and as BERT's in transformers 5.
void adjust_mpnet(Json& document, const Source& source);
/// RoFormer's words, from jieba's dictionary. Throws `Error` if the vocabulary needs the dictionary
/// and there is none.
void finish_roformer(Pipeline& pipeline, const Source& source);
void adjust_roberta(Json& document, const Source& source);
/// Llama's and GPT-NeoX's classes: add_bos_token and add_eos_token decide on bos and eos.
void adjust_llama(Json& document, const Source& source);
void adjust_gpt_neox(Json& document, const Source& source);
/// BLOOM's class: a byte-level step at any place puts a space before a text with add_prefix_space.
void adjust_bloom(Json& document, const Source& source);
/// mBART's class puts the language `src_lang` after the text, mBART-50's puts it before the text,
/// and NLLB's either, as `legacy_behaviour` says.
void adjust_mbart(Json& document, const Source& source);
void adjust_mbart50(Json& document, const Source& source);
void adjust_nllb(Json& document, const Source& source);

/// The additional special tokens that these classes define themselves.
std::vector<Json> additional_of_t5(const Source& source);
std::vector<Json> additional_of_camembert(const Source& source);
std::vector<Json> additional_of_mbart(const Source& source);
std::vector<Json> additional_of_mbart50(const Source& source);
std::vector<Json> additional_of_nllb(const Source& source);
std::vector<Json> additional_of_pegasus(const Source& source);
std::vector<Json> additional_of_xlnet(const Source& source);

/// Sets a key to another value, but only if the key is present.
void replace_if_present(Json& component, const char* key, const Json& value);

/// Whether the folder's class of transformers 5 follows add_prefix_space whatever tokenizer.json
/// says.
bool remakes_spaces(const Source& source);
/// The flags that the folder's class of transformers 5 gives a mask that tokenizer.json does not
/// list.
SpecialFlags flags_of_version_5(const Source& source);
/// Whether Locus knows what the folder's class does with special tokens.
bool class_is_known(const Source& source);
/// In a folder of transformers 5: that what its class makes anew from tokenizer_config.json is what
/// tokenizer.json has. Throws `Error` that names the key.
void expect_agreement(const Json& document, const Source& source);

/// For every class: follows add_prefix_space in a byte-level pre-tokenizer.
void adjust_prefix_space(Json& document, const Settings& settings);

/// For every class: with fix_mistral_regex, transformers 5 replaces a wrong pattern that was
/// published by the one of Mistral's own tokenizer.
void mend_mistral_pattern(Json& document, const Source& source);

/// Adds the tokens of the settings, special ones and others, that are missing in the document.
void add_tokens(Json& document, const Source& source, const SpecialFlags& flags);

}  // namespace locus::tokenization
