// What a class of the reference changes in a document after reading it.
#pragma once

#include <memory>

#include "tokenizer/folder/folder.hpp"
#include "tokenizer/folder/tokenizer_class.hpp"
#include "tokenizer/pipeline/pipeline.hpp"

namespace locus::tokenization {

/// BERT's classes: case, accents and CJK as tokenizer_config.json says, whatever the document says.
void adjust_bert(Json& document, const Source& source);
/// RoFormer's: case and accents alone.
void adjust_roformer(Json& document, const Source& source);
/// RoFormer's words, by jieba's dictionary. Throws `Error` where the vocabulary needs it and it is
/// absent.
void finish_roformer(Pipeline& pipeline, const Source& source);
void adjust_roberta(Json& document, const Source& source);
/// Llama's and GPT-NeoX's: bos and eos as add_bos_token and add_eos_token say.
void adjust_llama(Json& document, const Source& source);
void adjust_gpt_neox(Json& document, const Source& source);
/// mBART's: the language `src_lang` after the text, mBART-50's before it.
void adjust_mbart(Json& document, const Source& source);
void adjust_mbart50(Json& document, const Source& source);

bool has_marian_files(const std::filesystem::path& folder);
std::unique_ptr<Pipeline> open_marian(const Source& source, const TranslationSide& side);

bool has_m2m_100_files(const std::filesystem::path& folder);
std::unique_ptr<Pipeline> open_m2m_100(const Source& source);

/// The additional special tokens of classes that have some of their own.
std::vector<Json> additional_of_t5(const Source& source);
std::vector<Json> additional_of_camembert(const Source& source);
std::vector<Json> additional_of_mbart(const Source& source);
std::vector<Json> additional_of_mbart50(const Source& source);
std::vector<Json> additional_of_pegasus(const Source& source);
std::vector<Json> additional_of_xlnet(const Source& source);

/// A key that is there takes another value.
void replace_if_present(Json& component, const char* key, const Json& value);

/// Every class: add_prefix_space of a byte-level pre-tokenizer.
void adjust_prefix_space(Json& document, const Settings& settings);

/// Every class: fix_mistral_regex of transformers 5 puts the pattern of Mistral's own tokenizer in
/// the place of another one that was published.
void mend_mistral_pattern(Json& document, const Source& source);

/// Adds the special and other tokens of the settings that the document does not hold.
void add_tokens(Json& document, const Source& source, const SpecialFlags& flags);

}  // namespace locus::tokenization
