// A tokenizer as the JSON document that tokenizer.json holds. Older files are turned into one, and
// what a class of the reference changes after reading is a change of the document.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tokenizer/json/json.hpp"

namespace locus::tokenization {

/// A document without any component.
Json empty_document();

/// An added token without id, as a document spells it.
Json plain_token(std::string_view content, bool special);

/// Whether two added tokens have the same content and flags.
bool equal_tokens(const Json& a, const Json& b);

/// TemplateProcessing from the reference's short form: "A" and "B" are the texts, anything else a
/// special token, whose id is filled in by `DocumentTokens::resolve_template`.
struct TemplatePart {
  std::string name;
  int type_id;
};
Json template_processing(std::initializer_list<TemplatePart> single,
                         std::initializer_list<TemplatePart> pair);

/// BERT's: `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`.
Json cls_sep_template();

/// The tokens of a document: those of the model, which must not change any more, and added ones.
class DocumentTokens {
 public:
  DocumentTokens(Json& document, Watch& watch);

  bool is_added(std::string_view content) const;
  std::optional<int64_t> id(std::string_view content) const;

  /// As the reference's `add_tokens` does: a token of the model keeps its id, others are numbered
  /// from the end of the vocabulary. `token` has content and flags; where they differ from those of
  /// a token of the same id, the document lists both in their order, which counts
  /// (`AddedTokens`).
  void add(Json token);

  /// Numbers the tokens that the document lists anew: the reference does not take their ids as
  /// given.
  void renumber();

  /// Of the tokens of one id leaves the last: since transformers 5 it alone counts.
  void keep_last();

  /// Fills in the ids of template tokens that have none yet. Throws `Error` on an unknown one.
  void resolve_template();

 private:
  Json& document_;
  Watch& watch_;
  Json& added_;
  std::unordered_map<std::string_view, int64_t> model_;      // views into the document
  std::unordered_map<std::string, std::size_t> by_content_;  // in added_
  std::unordered_map<int64_t, std::size_t> by_id_;
  int64_t next_id_;
};

}  // namespace locus::tokenization
