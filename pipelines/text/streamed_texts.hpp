// Documents as they are read and read again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "evaluation/score_stream.hpp"
#include "pipelines/document_stream.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/provenance.hpp"
#include "tokenizer/part_encoder.hpp"

namespace locus::pipelines {

/// What one reading of the documents found.
struct Survey {
  std::vector<DocumentHash> hashes;  ///< of those that are not blank
  std::vector<TextSize> sizes;       ///< of the same
  std::vector<uint8_t> blank;        ///< for each document
  std::vector<uint8_t> lossless;     ///< for each that is not blank: decoded, its ids give it back
  int64_t bytes = 0;                 ///< of those that are not blank
};

/// Documents of a tokenizer. `check` is called while they are read, and throws to end it.
class StreamedTexts {
 public:
  StreamedTexts(OpenDocuments open, std::shared_ptr<const Tokenizer> tokenizer, CancelCheck check)
      : open_(std::move(open)), tokenizer_(std::move(tokenizer)), check_(std::move(check)) {}

  /// Throws Error for ids outside a vocabulary, and where there is nothing to score.
  Survey survey(int64_t vocabulary) const;
  /// See `paragraph_ends`, of each document.
  std::vector<std::vector<int64_t>> block_ends(const Survey& survey, int64_t size) const;
  double lossy_share(const Survey& survey) const;
  /// Reads the documents once more.
  NextTokens tokens(const Survey& survey) const;

 private:
  PartSettings parts() const;

  OpenDocuments open_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  CancelCheck check_;
};

}  // namespace locus::pipelines
