// Texts as vectors by the rules of a sentence-transformers folder.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/session.hpp"
#include "models/embed.hpp"
#include "pipelines/sentence/sentence_rules.hpp"
#include "tokenizer/tokenizer.hpp"

namespace locus::pipelines {

/// What a caller wants otherwise than the folder says.
struct SentenceWishes {
  std::optional<Pooling> pooling;     ///< the folder's modules after pooling are left out then
  bool normalize = false;             ///< to length 1, after everything else
  std::optional<std::string> prompt;  ///< the name of one, or a text
  std::optional<int64_t> dimension;   ///< vectors are cut to it
  EncodeOptions encoding = {};        ///< of which the reader sets the greatest length
  std::optional<std::string> prompt_text = {};  ///< in the place of `prompt`: always a text
};

/// A text as the model reads it.
struct SentenceText {
  std::vector<int32_t> ids;
  std::vector<int32_t> type_ids;
  bool cut = false;  ///< at the greatest length
};

/// Reads and embeds texts. It refers to what it is made from.
class SentenceReader {
 public:
  /// `longest`: tokens that the model can read. The tokenizer may be absent where ids are given.
  /// Throws Error where the folder's modules pool nothing and no pooling is wished for, and for a
  /// dimension of tokens' vectors.
  SentenceReader(const Tokenizer* tokenizer, const SentenceRules& rules, SentenceWishes wishes,
                 int64_t longest);

  /// The prompt before the text, in lower case where the folder says so, cut at its greatest
  /// length. An empty text is one of its special tokens alone.
  SentenceText read(const std::string& who, const std::string& text) const;

  /// The vectors of texts that were read, or of ids: pooled, sent through the folder's modules, cut
  /// and scaled. Throws Error as `locus::embed` does, and for a dimension above their width.
  std::vector<Embedding> embed(Session& session, std::span<const Sequence> texts) const;

  /// `mean`, `cls+mean`, `splade`: what makes vectors of tokens' vectors.
  std::string pooling_name() const;
  /// Whether each token has a vector of its own.
  bool by_token() const { return wishes_.pooling == Pooling::none; }
  /// Whether vectors have length 1 in the end.
  bool normalizes() const { return wishes_.normalize || rules_.normalizes; }

 private:
  EmbedSettings pooling_settings() const;
  std::vector<Embedding> pooled(Session& session, std::span<const Sequence> texts) const;
  void finish(Embedding& embedding) const;

  const Tokenizer* tokenizer_;
  const SentenceRules& rules_;
  SentenceWishes wishes_;
  std::string prompt_;
};

}  // namespace locus::pipelines
