// A SentencePiece model on its way into a document, as the reference's fast classes convert it
// (`convert_slow_tokenizer`, `SpmConverter`).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tokenizer/folder/sentencepiece_model.hpp"
#include "tokenizer/folder/tokenizer_class.hpp"

namespace locus::tokenization {

constexpr const char* space_mark = "\u2581";

struct Conversion {
  Watch& watch;
  SentencePieceModel model;
  std::vector<std::pair<std::string, double>> vocabulary;  // pieces and scores by id
  int64_t unknown_id = 0;
  bool byte_fallback = false;

  explicit Conversion(const Source& source);
  void add(std::string piece, double score) { vocabulary.emplace_back(std::move(piece), score); }
  /// The model's own pieces, from the given one on.
  void add_pieces(std::size_t first);
};

Json model_of(const Conversion& conversion);
/// Control pieces become special tokens of the document, user-defined ones other added tokens.
void add_control_pieces(const Conversion& conversion, Json& document);

Json metaspace(const char* scheme, bool split);
/// When a mark is put before a text, by `add_prefix_space` and `legacy`.
const char* prefix_scheme(const Settings& settings);

/// The steps of a Sequence of normalizers: the model's character map, if it has one; and a
/// replacement of two spaces and more.
void add_character_map(const SentencePieceModel& model, Json& steps);
void add_space_merging(const char* replacement, Json& steps);
Json normalizer_steps(Json steps);

/// The character map, no white space at the end, runs of spaces as one mark; marks before words.
Json default_document(const Conversion& conversion, const char* scheme);

/// `<s> A </s>` and `<s> A </s> </s> B </s>`.
Json fairseq_template();

}  // namespace locus::tokenization
