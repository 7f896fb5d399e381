#include <array>

#include "base/error.hpp"
#include "tokenizer/normalizers/normalizer.hpp"
#include "tokenizer/text/darts.hpp"
#include "tokenizer/text/graphemes.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

// The reference looks up a whole grapheme cluster only when it is shorter than this.
constexpr std::size_t max_cluster = 5;

class CharacterMap : public Normalizer {
 public:
  explicit CharacterMap(std::string bytes) {
    const std::size_t units = bytes.size() < 4 ? 0 : little_endian(bytes, 0) / 4;
    if (units == 0 || bytes.size() - 4 < units * 4) {
      throw Error("precompiled_charsmap", "a trie that fits into its bytes",
                  std::to_string(bytes.size()) + " bytes");
    }
    for (std::size_t i = 0; i < units; ++i) trie_.push_back({little_endian(bytes, 4 + i * 4)});
    replacements_ = bytes.substr(4 + units * 4);
    require_utf8(replacements_);
    for (std::size_t c = 0; c < unchanged_.size(); ++c) {
      const char key = static_cast<char>(c);
      unchanged_[c] = shortest_prefix({&key, 1}) >= replacements_.size();
    }
  }

  void normalize(AlignedText& text) const override {
    Rewriter writer(text);
    const std::string_view old = writer.view();
    for (std::size_t at = 0; at < old.size();) {
      if (const std::size_t kept = unchanged_end(old, at); kept > at) {
        writer.copy(at, kept);
        at = kept;
        continue;
      }
      const std::size_t end = grapheme_end(old, at);
      if (end - at > max_cluster || !replace(writer, at, end)) replace_each(writer, at, end);
      at = end;
    }
    writer.commit();
  }

 private:
  // The end of a run of characters that stay: ASCII before ASCII is a cluster of its own, except
  // that a line end may have two characters.
  std::size_t unchanged_end(std::string_view text, std::size_t at) const {
    const auto stays = [&](std::size_t i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      return byte < 0x80 && byte != '\r' && unchanged_[byte];
    };
    const auto is_ascii = [&](std::size_t i) {
      return i == text.size() || static_cast<unsigned char>(text[i]) < 0x80;
    };
    while (at < text.size() && stays(at) && is_ascii(at + 1)) ++at;
    return at;
  }

  void replace_each(Rewriter& writer, std::size_t at, std::size_t end) const {
    while (at < end) {
      const std::size_t next = at + code_point(writer.view(), at).size;
      if (!replace(writer, at, next)) writer.copy(at, next);
      at = next;
    }
  }

  bool replace(Rewriter& writer, std::size_t begin, std::size_t end) const {
    const auto found = shortest_prefix(writer.view().substr(begin, end - begin));
    if (found >= replacements_.size()) return false;
    put_aligned(writer, std::string_view(replacements_.c_str() + found), {begin, end});
    return true;
  }

  // The code points of a replacement stand for those of the original in order, the rest for the
  // last.
  static void put_aligned(Rewriter& writer, std::string_view replacement, Range original) {
    std::size_t source = original.begin;
    for (std::size_t at = 0; at < replacement.size();) {
      const std::size_t size = code_point(replacement, at).size;
      writer.put(replacement.substr(at, size), source);
      const std::size_t next = source + code_point(writer.view(), source).size;
      if (next < original.end) source = next;
      at += size;
    }
  }

  // Where the replacement of the shortest entry that `key` begins with is; past the end if none.
  std::size_t shortest_prefix(std::string_view key) const {
    std::size_t node = trie_[0].offset();
    for (const char c : key) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte == 0) break;
      node ^= byte;
      if (node >= trie_.size() || trie_[node].label() != byte) break;
      const DartsUnit unit = trie_[node];
      node ^= unit.offset();
      if (unit.has_value()) return node < trie_.size() ? trie_[node].value() : std::string::npos;
    }
    return std::string::npos;
  }

  std::vector<DartsUnit> trie_;
  std::string replacements_;         // each ends with a NUL
  std::array<bool, 128> unchanged_;  // ASCII characters without a replacement
};

}  // namespace

NormalizerPointer character_map_normalizer(std::string bytes) {
  return std::make_unique<CharacterMap>(std::move(bytes));
}

}  // namespace locus::tokenization
