// Decodes ids as they are generated.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tokenizer.hpp"

namespace locus {

/// Decodes ids one at a time, for generation. What `push` and `finish` return, joined, is
/// `Tokenizer::decode` of all ids, as long as byte tokens spell UTF-8; a character whose bytes are
/// not all there yet is held back.
class StreamDecoder {
 public:
  explicit StreamDecoder(std::shared_ptr<const Tokenizer> tokenizer, DecodeOptions options = {});

  /// Ids that stand before those to come, and whose text is not given out: a first word keeps its
  /// space, and a part of a word loses its mark. Before anything is pushed.
  void follow(std::span<const int32_t> ids);
  /// The text that became certain; often empty.
  std::string push(int32_t id) { return push(std::span(&id, 1)); }
  std::string push(std::span<const int32_t> ids);
  /// The rest, with U+FFFD for bytes that never became a character. The decoder is then as new.
  std::string finish();

 private:
  std::string take_fresh(const std::string& decoded);
  std::string take_certain();

  std::shared_ptr<const Tokenizer> tokenizer_;
  DecodeOptions options_;
  std::vector<int32_t>
      window_;               // ids whose text is not all given out, after some that give context
  std::size_t context_ = 0;  // how many of them are context
  std::string given_;        // the context's text
  std::string pending_;      // text that a later clean-up may still change
};

}  // namespace locus
