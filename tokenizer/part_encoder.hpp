// The tokens of a text of any length, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer.hpp"

namespace locus {

/// Reads on in a text: so many bytes, fewer at its end alone.
using ReadOn = std::function<std::string(std::size_t bytes)>;

/// A stretch of a text and its tokens. Stretches follow each other without a gap; none cuts a
/// token.
struct EncodedPart {
  int64_t begin = 0;          ///< bytes of the text before it
  std::string raw;            ///< the stretch
  std::vector<int32_t> ids;   ///< [N] without special tokens
  std::vector<Span> offsets;  ///< [N] in the stretch
};

struct PartSettings {
  std::string who = "text";  ///< names it in errors
  std::size_t bytes = std::size_t{1} << 18;
  std::function<void()> check = {};  ///< see EncodeOptions
  /// Bytes that are encoded together at most, where a text can be cut nowhere.
  std::size_t max_bytes = std::size_t{32} << 20;
};

/// Gives the tokens of `Tokenizer::encode` a part at a time. Stretches of the text that overlap are
/// encoded, and cut where both say the same of the overlap's inner half. Where they do not, as
/// within a word that is longer, more is encoded together, up to `PartSettings::max_bytes`.
class PartEncoder {
 public:
  PartEncoder(std::shared_ptr<const Tokenizer> tokenizer, ReadOn read, PartSettings settings = {});

  /// The next part; nothing at the end. Throws Error as `Tokenizer::encode` does, for bytes that
  /// are not UTF-8 by their offset in the whole text, and where it can be cut nowhere for too long.
  std::optional<EncodedPart> next();

 private:
  struct Stretch {
    int64_t begin = 0, end = 0;  // in the text
    std::vector<int32_t> ids;
    std::vector<Span> offsets;  // in the text
  };
  struct Cut {
    std::size_t before = 0;  // tokens of the present stretch
    Stretch next;
    std::size_t after = 0;  // the first token of the next stretch that lies after the cut
  };

  int64_t buffer_end() const { return buffer_begin_ + static_cast<int64_t>(buffer_.size()); }
  bool ended() const { return read_all_ && present_.end == buffer_end(); }
  void expect_cuttable() const;
  void fill(std::size_t bytes);
  Stretch encode(int64_t begin) const;
  std::optional<Cut> cut(int64_t overlap) const;
  EncodedPart take(std::size_t end, int64_t end_byte);

  std::shared_ptr<const Tokenizer> tokenizer_;
  ReadOn read_;
  PartSettings settings_;
  std::string buffer_;  // of the text, from where the present stretch begins
  int64_t buffer_begin_ = 0;
  int64_t checked_ = 0;  // bytes of the text that are UTF-8
  bool read_all_ = false;
  Stretch present_;
  std::size_t first_ = 0;  // token of it that was not given out
  int64_t given_ = 0;      // bytes of the text that were
};

}  // namespace locus
