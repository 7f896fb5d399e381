// The components of a tokenizer.json, one function for each kind. All throw `Error` on what they do
// not know, naming it.
#pragma once

#include "tokenizer/json/json.hpp"
#include "tokenizer/pipeline/pipeline.hpp"

namespace locus::tokenization {

/// Throws `Error` on a field of a component that the reference would refuse, where its reader has a
/// default or takes more: one that is not there, or of another type. Others are the readers'.
void expect_fields(const Json& document, Watch& watch);

NormalizerPointer normalizer_from(const Json& json);

/// Whether the outermost or last step is ByteLevel, so that the model's vocabulary spells bytes.
bool is_byte_level(const Json& pre_tokenizer);
PreTokenizerPointer pre_tokenizer_from(const Json& json);

struct ModelParts {
  VocabularyPointer vocabulary;
  ModelPointer model;
};
/// "vocab": tokens and their ids.
VocabularyPointer vocabulary_from(const Json& json, Watch& watch);
/// "BPE", ...: files older than "type" say it by their other keys.
std::string model_type_of(const Json& json);
ModelParts model_from(const Json& json, bool byte_level, Watch& watch);

PostProcessing post_processing_from(const Json& json);
DecoderPointer decoder_from(const Json& json);
std::vector<AddedToken> added_tokens_from(const Json& json, Watch& watch);

/// "truncation": whether its direction is left. Nothing here cuts or pads unless it is asked to, as
/// the reference's classes do not either.
bool cuts_left_from(const Json& truncation);

/// {"String": ...} or {"Regex": ...}.
Pattern pattern_from(const Json& json);

/// A pipeline of all of them; special ids and the last clean-up are the caller's.
std::unique_ptr<Pipeline> pipeline_from(const Json& document, Watch& watch);

[[noreturn]] void fail_unknown(std::string_view component, const std::string& type);

}  // namespace locus::tokenization
