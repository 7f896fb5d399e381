// What Locus and the module that holds the SentencePiece library say to each other. Neither frees
// what the other allocated: texts are handed over by callbacks.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace locus::tokenization {

/// A stretch of a text with its place in the vocabulary.
struct GuestPiece {
  std::string_view text;  ///< as the vocabulary spells it
  int32_t id = 0;
  uint32_t begin = 0, end = 0;  ///< bytes of the text that was cut
};

/// Ids with a part to play; below 0 where there is none.
struct GuestIds {
  int bos = -1, eos = -1, pad = -1, unknown = -1;
};

using TakeText = std::function<void(std::string_view)>;
using TakePiece = std::function<void(const GuestPiece&)>;

/// A SentencePiece model that the library runs.
class Guest {
 public:
  virtual ~Guest() = default;
  virtual int size() const = 0;
  virtual GuestIds ids() const = 0;
  virtual void spell(int id, const TakeText& take) const = 0;
  virtual void cut(std::string_view text, const TakePiece& take) const = 0;
  virtual void join(std::span<const std::string> pieces, const TakeText& take) const = 0;
};

/// Of a file's bytes. Null where the library refuses them; `refused` then gets its reason.
using OpenGuest = Guest*(std::string_view bytes, const TakeText& refused);
inline constexpr auto open_guest_name = "locus_open_sentencepiece";

}  // namespace locus::tokenization
