// SentencePiece models as the reference's fast classes read them (`convert_slow_tokenizer`).
#include "tokenizer/detail/folder/piece_merges.hpp"
#include "tokenizer/detail/folder/sentencepiece_model.hpp"
#include "tokenizer/detail/folder/tokenizer_class.hpp"
#include "tokenizer/detail/text/base64.hpp"
#include "tokenizer/error.hpp"

namespace locus::tokenization {
namespace {

using PieceType = SentencePieceModel::PieceType;

constexpr const char* space_mark = "\u2581";

// A model on its way into a document.
struct Conversion {
  SentencePieceModel model;
  std::vector<std::pair<std::string, double>> vocabulary;  // pieces and scores by id
  int64_t unknown_id = 0;
  bool byte_fallback = false;

  explicit Conversion(const Source& source)
      : model(read_sentencepiece_model(sentencepiece_path(source.folder))),
        unknown_id(model.unknown_id) {}

  void add(std::string piece, double score) { vocabulary.emplace_back(std::move(piece), score); }
  void add_pieces(std::size_t first) {
    for (std::size_t i = first; i < model.pieces.size(); ++i) {
      add(model.pieces[i].text, static_cast<double>(model.pieces[i].score));
    }
  }
};

Json unigram(const Conversion& conversion) {
  return {{"type", "Unigram"},
          {"unk_id", conversion.unknown_id},
          {"vocab", conversion.vocabulary},
          {"byte_fallback", conversion.byte_fallback}};
}

Json byte_pairs(const Conversion& conversion) {
  Json vocabulary = Json::object();
  for (std::size_t id = 0; id < conversion.vocabulary.size(); ++id) {
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
          {"merges", merges_of_pieces(conversion.vocabulary)}};
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
  DocumentTokens tokens(document);
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

// The model's character map, no white space at the end, runs of spaces as one mark.
Json usual_normalizer(const SentencePieceModel& model) {
  Json steps = Json::array();
  if (!model.character_map.empty()) {
    steps.push_back(
        {{"type", "Precompiled"}, {"precompiled_charsmap", encoded_base64(model.character_map)}});
  }
  steps.push_back({{"type", "Strip"}, {"strip_left", false}, {"strip_right", true}});
  steps.push_back(
      {{"type", "Replace"}, {"pattern", {{"Regex", " {2,}"}}}, {"content", space_mark}});
  return {{"type", "Sequence"}, {"normalizers", steps}};
}

Json usual_document(const Conversion& conversion, const char* scheme) {
  Json document = empty_document();
  document["model"] = model_of(conversion);
  document["normalizer"] = usual_normalizer(conversion.model);
  document["pre_tokenizer"] = metaspace(scheme, true);
  document["decoder"] = metaspace(scheme, true);
  add_control_pieces(conversion, document);
  return document;
}

Json llama_decoder(bool prefix_space) {
  Json steps = {{{"type", "Replace"}, {"pattern", {{"String", space_mark}}}, {"content", " "}},
                {{"type", "ByteFallback"}},
                {{"type", "Fuse"}}};
  if (prefix_space) {
    steps.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
  }
  return {{"type", "Sequence"}, {"decoders", steps}};
}

Json llama_normalizer(bool prefix_space) {
  Json steps = Json::array();
  if (prefix_space) steps.push_back({{"type", "Prepend"}, {"prepend", space_mark}});
  steps.push_back({{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", space_mark}});
  return {{"type", "Sequence"}, {"normalizers", steps}};
}

}  // namespace

std::filesystem::path sentencepiece_path(const std::filesystem::path& folder) {
  for (const char* name : {"spiece.model", "tokenizer.model", "sentencepiece.bpe.model"}) {
    if (std::filesystem::exists(folder / name)) return folder / name;
  }
  return {};
}

Json read_t5_file(const Source& source) {
  Conversion conversion(source);
  conversion.add_pieces(0);
  const int64_t sentinels = integer_or(source.settings.values(), "extra_ids", 100);
  for (int64_t i = sentinels - 1; i >= 0; --i) {
    conversion.add("<extra_id_" + std::to_string(i) + ">", 0);
  }
  Json document = usual_document(conversion, prefix_scheme(source.settings));
  document["post_processor"] =
      template_processing({{"A", 0}, {"</s>", 0}}, {{"A", 0}, {"</s>", 0}, {"B", 0}, {"</s>", 0}});
  return document;
}

// The class itself arranges bos and eos.
Json read_llama_file(const Source& source) {
  Conversion conversion(source);
  conversion.unknown_id = 0;
  conversion.byte_fallback = true;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, conversion.model.pieces.size()); ++i) {
    conversion.add(conversion.model.pieces[i].text, 0);
  }
  conversion.add_pieces(3);
  const Settings& settings = source.settings;
  const bool prefix_space = settings.flag("add_prefix_space", true);
  Json document = empty_document();
  document["model"] = model_of(conversion);
  if (settings.flag("legacy", true)) {
    document["normalizer"] = llama_normalizer(prefix_space);
  } else {
    document["pre_tokenizer"] = metaspace(prefix_scheme(settings), false);
  }
  document["decoder"] = llama_decoder(prefix_space);
  add_control_pieces(conversion, document);
  return document;
}

// fairseq's ids: four special tokens first, the model's own three left out, the mask last.
Json read_xlm_roberta_file(const Source& source) {
  Conversion conversion(source);
  conversion.unknown_id = 3;
  for (const char* token : {"<s>", "<pad>", "</s>", "<unk>"}) conversion.add(token, 0);
  conversion.add_pieces(3);
  conversion.add("<mask>", 0);
  Json document = usual_document(conversion, "always");
  document["post_processor"] =
      template_processing({{"<s>", 0}, {"A", 0}, {"</s>", 0}},
                          {{"<s>", 0}, {"A", 0}, {"</s>", 0}, {"</s>", 0}, {"B", 0}, {"</s>", 0}});
  return document;
}

}  // namespace locus::tokenization
