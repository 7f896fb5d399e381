#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tokenizer.hpp"

namespace locus {

/// Decodes ids one at a time, for generation. The pieces that `push` and `finish` return, joined, are
/// `Tokenizer::decode` of all ids; a character whose bytes are not all there yet is held back.
class StreamDecoder {
 public:
  explicit StreamDecoder(std::shared_ptr<const Tokenizer> tokenizer, DecodeOptions options = {});

  /// The text that became certain; often empty. Throws `Error` on an id outside the vocabulary.
  std::string push(int32_t id);
  /// The rest, with U+FFFD for bytes that never became a character. The decoder is then as new.
  std::string finish();

 private:
  std::shared_ptr<const Tokenizer> tokenizer_;
  DecodeOptions options_;
  std::vector<int32_t> window_;  // ids whose text is not all given out, and their left context
  std::string given_;            // of decode(window_)
};

}  // namespace locus
