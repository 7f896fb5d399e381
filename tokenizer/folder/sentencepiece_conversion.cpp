#include "tokenizer/folder/sentencepiece_conversion.hpp"

#include "base/error.hpp"
#include "tokenizer/folder/piece_merges.hpp"
#include "tokenizer/text/base64.hpp"

namespace locus::tokenization {
namespace {

using PieceType = SentencePieceModel::PieceType;

Json unigram(const Conversion& conversion) {
  Json vocabulary = Json::array();
  for (const auto& piece : conversion.vocabulary) {
    conversion.watch.spend(Watch::bytes_per_token);
    vocabulary.push_back(Json(piece));
  }
  return {{"type", "Unigram"},
          {"unk_id", conversion.unknown_id},
          {"vocab", std::move(vocabulary)},
          {"byte_fallback", conversion.byte_fallback}};
}

Json byte_pairs(const Conversion& conversion) {
  Json vocabulary = Json::object();
  for (std::size_t id = 0; id < conversion.vocabulary.size(); ++id) {
    conversion.watch.spend(Watch::bytes_per_token);
    vocabulary[conversion.vocabulary[id].first] = id;
  }
  return {{"type", "BPE"},
          {"dropout", nullptr},
          {"unk_token", conversion.model.unknown_piece},
          {"continuing_subword_prefix", nullptr},
          {"end_of_word_suffix", nullptr},
          {"fuse_unk", true},
          {"byte_fallback", conversion.byte_fallback},
          {"ignore_merges", false},
          {"vocab", std::move(vocabulary)},
          {"merges", merges_of_pieces(conversion.vocabulary, conversion.watch)}};
}

}  // namespace

std::filesystem::path sentencepiece_path(const std::filesystem::path& folder) {
  for (const char* name :
       {"spiece.model", "tokenizer.model", "sentencepiece.bpe.model", "spm.model"}) {
    if (std::filesystem::exists(folder / name)) return folder / name;
  }
  return {};
}

bool has_sentencepiece_file(const std::filesystem::path& folder) {
  return !sentencepiece_path(folder).empty();
}

Conversion::Conversion(const Source& source)
    : watch(source.watch),
      model(read_sentencepiece_model(sentencepiece_path(source.folder), watch)),
      unknown_id(model.unknown_id) {}

void Conversion::add_pieces(std::size_t first) {
  for (std::size_t i = first; i < model.pieces.size(); ++i) {
    add(model.pieces[i].text, static_cast<double>(model.pieces[i].score));
  }
}

Json model_of(const Conversion& conversion) {
  using Algorithm = SentencePieceModel::Algorithm;
  switch (conversion.model.algorithm) {
    case Algorithm::unigram:
      return unigram(conversion);
    case Algorithm::bpe:
      return byte_pairs(conversion);
    default:
      throw Error("SentencePiece model", "a Unigram or BPE model",
                  "algorithm " + std::to_string(static_cast<int>(conversion.model.algorithm)));
  }
}

void add_control_pieces(const Conversion& conversion, Json& document) {
  DocumentTokens tokens(document, conversion.watch);
  for (const auto& piece : conversion.model.pieces) {
    const bool control = piece.type == PieceType::control;
    if (!control && piece.type != PieceType::user_defined) continue;
    Json token = plain_token(piece.text, control);
    token["normalized"] = false;
    tokens.add(std::move(token));
  }
}

Json metaspace(const char* scheme, bool split) {
  return {{"type", "Metaspace"},
          {"replacement", space_mark},
          {"prepend_scheme", scheme},
          {"split", split}};
}

const char* prefix_scheme(const Settings& settings) {
  if (!settings.flag("add_prefix_space", true)) return "never";
  return settings.flag("legacy", true) ? "always" : "first";
}

void add_character_map(const SentencePieceModel& model, Json& steps) {
  if (model.character_map.empty()) return;
  steps.push_back(
      {{"type", "Precompiled"}, {"precompiled_charsmap", encoded_base64(model.character_map)}});
}

void add_space_merging(const char* replacement, Json& steps) {
  steps.push_back(
      {{"type", "Replace"}, {"pattern", {{"Regex", " {2,}"}}}, {"content", replacement}});
}

Json normalizer_steps(Json steps) {
  return {{"type", "Sequence"}, {"normalizers", std::move(steps)}};
}

Json default_document(const Conversion& conversion, const char* scheme) {
  Json steps = Json::array();
  add_character_map(conversion.model, steps);
  steps.push_back({{"type", "Strip"}, {"strip_left", false}, {"strip_right", true}});
  add_space_merging(space_mark, steps);
  Json document = empty_document();
  document["model"] = model_of(conversion);
  document["normalizer"] = normalizer_steps(std::move(steps));
  document["pre_tokenizer"] = metaspace(scheme, true);
  document["decoder"] = metaspace(scheme, true);
  add_control_pieces(conversion, document);
  return document;
}

Json fairseq_template() {
  return template_processing(
      {{"<s>", 0}, {"A", 0}, {"</s>", 0}},
      {{"<s>", 0}, {"A", 0}, {"</s>", 0}, {"</s>", 0}, {"B", 0}, {"</s>", 0}});
}

}  // namespace locus::tokenization
