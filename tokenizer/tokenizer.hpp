// Text to token ids and back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "encoded_text.hpp"

namespace locus {

namespace tokenization {
struct Pipeline;
}

/// Text to token ids and back, as `AutoTokenizer.from_pretrained(folder)` of transformers 4.49 does
/// it (5.24 for files it saved). Immutable: one object serves any number of threads.
///
/// Text is UTF-8. A byte that does not belong to a well-formed sequence is an `Error` that names
/// its offset. Embedded NUL bytes are ordinary characters.
class Tokenizer {
 public:
  /// Opens the tokenizer of a Hugging Face folder, from the first of these that is there:
  /// `tokenizer.json`; `vocab.txt` (WordPiece); `vocab.json` + `merges.txt` or `encoder.json` +
  /// `vocab.bpe` (BPE); `source.spm` + `target.spm` + `vocab.json` (Marian); `spiece.model`,
  /// `tokenizer.model`, `sentencepiece.bpe.model`, `spm.model`; llama2.c's `tokenizer.bin` or
  /// `tok*.bin`. The class comes from `tokenizer_config.json`, else from `config.json`'s
  /// `model_type`, else from the kind of file; a SentencePiece model without a class is run by the
  /// SentencePiece library. RoFormer's class needs jieba's dictionary unless its vocabulary has
  /// single characters alone; docs/tokenizers.md says where it is looked for. `path` may also be a
  /// single `.model` or llama2.c `.bin` file. Throws `Error` on missing, truncated or contradictory
  /// files.
  ///
  /// `language` replaces `src_lang` of tokenizer_config.json: the code that mBART's tokenizers put
  /// beside a text. Others have none. `check` is called every few milliseconds; what it throws ends
  /// the opening.
  static std::shared_ptr<const Tokenizer> open(const std::filesystem::path& path,
                                               std::string_view language = {},
                                               const std::function<void()>& check = {});

  /// The tokenizer of what a translator's decoder reads and writes (`text_target`): Marian's target
  /// model and vocabulary, mBART's `tgt_lang`; the same as `open` for all others.
  static std::shared_ptr<const Tokenizer> open_target(const std::filesystem::path& path,
                                                      std::string_view language = {},
                                                      const std::function<void()>& check = {});

  /// Writes the tokenizer that `open(source)` gives into the folder `target`, as `tokenizer.json`
  /// and `tokenizer_config.json`, which the reference reads as well. Throws `Error` where only the
  /// SentencePiece library can run it.
  static void convert(const std::filesystem::path& source, const std::filesystem::path& target);

  explicit Tokenizer(std::unique_ptr<const tokenization::Pipeline> pipeline);
  ~Tokenizer();
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;

  /// The tokens of a text, or of two as the template joins them. Throws `Error` for text that is
  /// not UTF-8, and for a `max_length` that has no room for what the template adds.
  EncodedText encode(std::string_view text, const EncodeOptions& options = {}) const;
  EncodedText encode_pair(std::string_view first, std::string_view second,
                          const EncodeOptions& options = {}) const;

  /// The ids of `encode(text, options)`, without the cost of token strings and offsets.
  std::vector<int32_t> encode_ids(std::string_view text, const EncodeOptions& options = {}) const;

  /// The text of ids, by the decoder of the tokenizer's kind (WordPiece joins `##`, byte-level BPE
  /// joins bytes, SentencePiece turns the word mark into a space). Bytes that are not UTF-8 become
  /// U+FFFD, and ids without a token (a model's table may have more rows) nothing, as in the
  /// reference.
  std::string decode(std::span<const int32_t> ids, const DecodeOptions& options = {}) const;

  /// The vocabulary's spelling of an id. Throws `Error` on an id outside [0, size()).
  std::string token(int32_t id) const;
  /// The id of a vocabulary entry or added token.
  std::optional<int32_t> id(std::string_view token) const;
  /// One more than the largest id, added tokens included. A model's table may have more rows.
  int64_t size() const;

  const SpecialIds& special_ids() const;
  /// Whether the reference counts the id among its special tokens (`all_special_ids`).
  bool is_special(int32_t id) const;
  /// Whether the reference hands the types of tokens to a model (its versions differ). Where it
  /// does not, a model takes 0 for every token, whatever the template says.
  bool gives_type_ids() const;
  /// T5's `<extra_id_n>`; none past the last one.
  std::optional<int32_t> sentinel(int64_t n) const;

  /// Whether the token begins a new word: no `##` (WordPiece), a leading space or word mark
  /// (byte-level BPE, SentencePiece). Special tokens do. The first token of a text does in any
  /// case.
  bool starts_word(int32_t id) const;
  /// Whether the vocabulary marks the token as the last one of its word, as GPT's `</w>` does: such
  /// a vocabulary does not mark beginnings.
  bool ends_word(int32_t id) const;

  /// Whether decoding the text's own ids (no special tokens added) gives back exactly the text. A
  /// tokenizer that lower-cases, normalises, merges white space or has unknown pieces fails here,
  /// and its figures per byte are not about the text.
  bool round_trips(std::string_view text) const;

  /// Keys of tokenizer_config.json that nothing has read and that are not known to be harmless,
  /// sorted: the reference may do something that Locus does not.
  const std::vector<std::string>& unread_keys() const;

  /// For people: "WordPiece, 30522 tokens".
  std::string description() const;
  /// The algorithm: "WordPiece", "BPE", "byte-level BPE", "Unigram", "SentencePiece".
  std::string kind() const;

  const tokenization::Pipeline& pipeline() const { return *pipeline_; }

 private:
  std::unique_ptr<const tokenization::Pipeline> pipeline_;
};

}  // namespace locus
