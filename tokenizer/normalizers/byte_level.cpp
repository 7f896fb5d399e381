#include "tokenizer/normalizers/normalizer.hpp"
#include "tokenizer/text/byte_spelling.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

class ByteLevelNormalizer : public Normalizer {
 public:
  void normalize(AlignedText& text) const override {
    Rewriter writer(text);
    const std::string_view old = writer.view();
    for (std::size_t at = 0; at < old.size(); ++at) {
      writer.put(spelling(static_cast<uint8_t>(old[at])), at);
    }
    writer.commit();
  }
};

// sentencepiece's rule `nmt`: controls go, odd white space becomes a space.
class NmtNormalizer : public Normalizer {
 public:
  void normalize(AlignedText& text) const override {
    Rewriter writer(text);
    for (std::size_t at = 0; at < writer.view().size();) {
      const auto [value, size] = code_point(writer.view(), at);
      if (is_nmt_space(value)) {
        writer.put(U' ', at);
      } else if (!is_dropped(value)) {
        writer.copy(at, at + size);
      }
      at += size;
    }
    writer.commit();
  }

 private:
  static bool is_dropped(char32_t c) {
    return (c >= 0x01 && c <= 0x08) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F ||
           c == 0x8F || c == 0x9F;
  }
  static bool is_nmt_space(char32_t c) {
    return c == 0x09 || c == 0x0A || c == 0x0C || c == 0x0D || c == 0x1680 ||
           (c >= 0x200B && c <= 0x200F) || c == 0x2028 || c == 0x2029 || c == 0x2581 ||
           c == 0xFEFF || c == 0xFFFD;
  }
};

}  // namespace

NormalizerPointer byte_level_normalizer() { return std::make_unique<ByteLevelNormalizer>(); }

NormalizerPointer nmt_normalizer() { return std::make_unique<NmtNormalizer>(); }

}  // namespace locus::tokenization
