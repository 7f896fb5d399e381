// RoFormer's tokenizer: the segmenter belongs to the class, not to any file of the folder.
#include "base/error.hpp"
#include "tokenizer/folder/class_rules.hpp"
#include "tokenizer/folder/jieba_dictionary.hpp"
#include "tokenizer/pipeline/pipeline.hpp"
#include "tokenizer/pre_tokenizers/dictionary_words.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

bool spans_ideographs(std::string_view token) {
  std::size_t ideographs = 0;
  for (std::size_t at = 0; at < token.size();) {
    const auto [value, size] = code_point(token, at);
    ideographs += is_cjk_ideograph(value);
    at += size;
  }
  return ideographs > 1;
}

// Single characters come out whatever the dictionary holds.
void require_characters(const Vocabulary& vocabulary, Watch& watch) {
  for (int32_t id = 0; id < vocabulary.size(); ++id) {
    watch.spend(Watch::bytes_per_token);
    const std::string_view token = vocabulary.token(id);
    if (token.starts_with("##") || !spans_ideographs(token)) continue;
    throw Error("RoFormer tokenizer",
                "jieba's dictionary, for words such as '" + std::string(token) +
                    "' (install the Python package jieba, or let LOCUS_JIEBA name its dict.txt)",
                "none");
  }
}

Segmenter segmenter_for(const Pipeline& pipeline, const Source& source) {
  const auto dictionary = jieba_dictionary(source.folder);
  if (!dictionary.empty()) return Segmenter(dictionary, source.watch);
  require_characters(*pipeline.vocabulary, source.watch);
  return Segmenter(source.watch);
}

}  // namespace

void finish_roformer(Pipeline& pipeline, const Source& source) {
  const auto is_known = [vocabulary = pipeline.vocabulary, &pipeline](std::string_view word) {
    return vocabulary->id(word).has_value() || pipeline.added.id(word).has_value();
  };
  pipeline.pre_tokenizer =
      dictionary_words_pre_tokenizer(segmenter_for(pipeline, source), is_known);
}

}  // namespace locus::tokenization
