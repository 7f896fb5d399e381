// How tokens become text again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/watch.hpp"
#include "tokenizer/text/pattern.hpp"

namespace locus::tokenization {

class Decoder {
 public:
  virtual ~Decoder() = default;
  /// Changes the tokens so that, joined, they are the text. Throws what `watch` throws.
  virtual void decode(std::vector<std::string>& tokens, Watch& watch) const = 0;
};

using DecoderPointer = std::unique_ptr<const Decoder>;

/// Joins tokens that begin with the prefix to the one before, others by a space.
DecoderPointer word_piece_decoder(std::string prefix, bool cleanup);
/// Bytes spelled as characters; ill-formed UTF-8 becomes U+FFFD.
DecoderPointer byte_level_decoder();
/// Tokens such as <0xE4> become bytes; a run of them that is not UTF-8 becomes one U+FFFD per byte.
DecoderPointer byte_fallback_decoder();
/// The replacement becomes a space; the first token loses it where `strips_first`.
DecoderPointer metaspace_decoder(std::string replacement, bool strips_first);
DecoderPointer replace_decoder(Pattern pattern, std::string content);
DecoderPointer fuse_decoder();
/// Removes up to so many copies of a character from each token's ends.
struct StripOptions {
  char32_t content = U' ';
  std::size_t start = 0, stop = 0;
};
DecoderPointer strip_decoder(const StripOptions& options);
/// An end-of-word suffix becomes a space, except at the end of the text.
DecoderPointer suffix_decoder(std::string suffix);
DecoderPointer decoder_sequence(std::vector<DecoderPointer> steps);
/// A space between all tokens: what the reference does where there is no decoder.
DecoderPointer spacing_decoder();

}  // namespace locus::tokenization
