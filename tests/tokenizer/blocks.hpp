// What goldens keep of blocks of texts, and where a tokenizer differs from it.
#pragma once

#include <algorithm>
#include <fstream>

#include "fingerprints.hpp"
#include "support.hpp"

namespace locus::tests {

inline constexpr std::size_t block_size = 32;

/// What a row says of one property of its texts.
struct Settled {
  std::string fingerprint;
  uint32_t mask = 0;  // of the texts that count
};

struct Block {
  Settled ids, layout, text;
};

inline std::istream& operator>>(std::istream& stream, Settled& settled) {
  return stream >> settled.fingerprint >> std::hex >> settled.mask;
}

inline std::vector<Block> golden_blocks(const std::filesystem::path& file) {
  std::vector<Block> blocks;
  std::ifstream stream(file);
  for (Block block; stream >> block.ids >> block.layout >> block.text;) blocks.push_back(block);
  return blocks;
}

inline std::string packed(const std::vector<int32_t>& values) {
  std::string bytes;
  for (const int32_t value : values) {
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
  }
  return bytes;
}

// The bytes of one block of texts that the goldens have fingerprints of.
class Collected {
 public:
  Collected(const Tokenizer& tokenizer, const Block& block)
      : tokenizer_(tokenizer), block_(block) {}

  void add(const std::string& text, std::size_t place) {
    const EncodedText encoded = tokenizer_.encode(text);
    const uint32_t bit = uint32_t{1} << place;
    if (block_.ids.mask & bit) {
      ids_ += packed({static_cast<int32_t>(encoded.ids.size())}) + packed(encoded.ids);
    }
    if (block_.layout.mask & bit) layout_ += packed(layout_of(encoded));
    if (block_.text.mask & bit) {
      text_ += tokenizer_.decode(encoded.ids) + '\0' +
               tokenizer_.decode(encoded.ids, {.skip_special = true});
    }
    sane_ &= spans_are_sane(text, encoded, (block_.layout.mask & bit) != 0);
    sane_ &= tokenizer_.encode_ids(text) == encoded.ids;
  }

  bool ids_agree() const { return agrees(ids_, block_.ids); }
  bool layout_agrees() const { return agrees(layout_, block_.layout); }
  bool text_agrees() const { return agrees(text_, block_.text); }
  bool is_sane() const { return sane_; }

 private:
  static bool agrees(const std::string& bytes, const Settled& settled) {
    return hexadecimal(fingerprint(bytes), 8) == settled.fingerprint;
  }

  const Tokenizer& tokenizer_;
  const Block& block_;
  std::string ids_, layout_, text_;
  bool sane_ = true;
};

struct Disagreements {
  std::vector<std::size_t> ids, layout, text, sane;  // numbers of blocks
};

inline Disagreements disagreements(const Tokenizer& tokenizer,
                                   const std::vector<std::string>& texts,
                                   const std::vector<Block>& blocks, std::size_t first) {
  Disagreements found;
  for (std::size_t number = first; number < blocks.size(); ++number) {
    Collected collected(tokenizer, blocks[number]);
    const std::size_t begin = number * block_size;
    for (std::size_t i = begin; i < std::min(begin + block_size, texts.size()); ++i) {
      collected.add(texts[i], i - begin);
    }
    if (!collected.ids_agree()) found.ids.push_back(number);
    if (!collected.layout_agrees()) found.layout.push_back(number);
    if (!collected.text_agrees()) found.text.push_back(number);
    if (!collected.is_sane()) found.sane.push_back(number);
  }
  return found;
}

}  // namespace locus::tests
