// Marian's tokenizer: one SentencePiece model for the source language, one for the target, and one
// vocabulary for both, or two (transformers, `MarianTokenizer`).
#include "base/error.hpp"
#include "tokenizer/folder/class_rules.hpp"
#include "tokenizer/json/components.hpp"
#include "tokenizer/models/marian.hpp"
#include "tokenizer/pipeline/pipeline.hpp"

namespace locus::tokenization {
namespace {

// A document of tokens alone: the models are no part of it.
Json marian_tokens(const Source& source, const char* vocabulary) {
  Json document = empty_document();
  document["model"] = {{"vocab", read_json(source.folder / vocabulary, source.watch)}};
  add_tokens(document, source, source.type.flags_of_files);
  return document;
}

int32_t required_id(const Vocabulary& vocabulary, const Source& source, std::string_view role) {
  const std::string token = source.settings.special_content(role, source.type.specials);
  const auto id = vocabulary.id(token);
  if (!id) throw Error("vocab.json", "'" + token + "' (" + std::string(role) + ")", "none");
  return *id;
}

/// Ids that become text are always the target's. One end token serves both sides.
VocabularyPointer target_vocabulary(const Source& source, int32_t end) {
  VocabularyPointer target =
      vocabulary_from(marian_tokens(source, target_side.vocabulary)["model"], source.watch);
  const std::string token = source.settings.special_content("eos_token", source.type.specials);
  const std::optional<int32_t> found = target->id(token);
  if (found != end) {
    throw Error(target_side.vocabulary, "'" + token + "' as id " + std::to_string(end),
                found ? std::to_string(*found) : "none");
  }
  return target;
}

Template text_and_end(int32_t end) {
  using Kind = TemplateItem::Kind;
  return {{{Kind::first, 0}, {Kind::special, 0, end}},
          {{Kind::first, 0}, {Kind::second, 0}, {Kind::special, 0, end}}};
}

bool has_marian_files(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "source.spm");
}

std::unique_ptr<Pipeline> open_marian(const Source& source, const TranslationSide& side) {
  const bool two = source.settings.flag("separate_vocabs", false);
  const Json document = marian_tokens(source, two ? side.vocabulary : source_side.vocabulary);
  auto pipeline = std::make_unique<Pipeline>();
  pipeline->vocabulary = vocabulary_from(document["model"], source.watch);
  const int32_t unknown = required_id(*pipeline->vocabulary, source, "unk_token");
  required_id(*pipeline->vocabulary, source, "pad_token");
  const int32_t end = required_id(*pipeline->vocabulary, source, "eos_token");
  const auto added = added_tokens_from(document["added_tokens"], source.watch);
  pipeline->added = AddedTokens(added, nullptr, source.watch);
  pipeline->model =
      marian_model(source.folder / side.model, {pipeline->vocabulary, unknown}, source.watch);
  pipeline->decoder = marian_decoder(source.folder / "target.spm", added, source.watch);
  if (two) pipeline->decoded = target_vocabulary(source, end);
  pipeline->post_processing.arrangement = text_and_end(end);
  return pipeline;
}

}  // namespace

const WithoutDocument marian_class{has_marian_files, open_marian};

}  // namespace locus::tokenization
