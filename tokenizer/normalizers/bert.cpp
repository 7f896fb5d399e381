#include <array>

#include "tokenizer/normalizers/normalizer.hpp"
#include "tokenizer/text/decomposition.hpp"
#include "tokenizer/text/older_unicode.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

constexpr char removed = '\0';

class BertNormalizer : public Normalizer {
 public:
  explicit BertNormalizer(const BertNormalization& options) : options_(options) {
    for (std::size_t c = 0; c < ascii_.size(); ++c) ascii_[c] = of_ascii(static_cast<char>(c));
  }

  void normalize(AlignedText& text) const override {
    Rewriter writer(text);
    const std::string_view old = writer.view();
    for (std::size_t at = 0; at < old.size();) {
      const auto first = static_cast<unsigned char>(old[at]);
      if (first < 0x80) {
        put_ascii(writer, first, at);
        ++at;
      } else {
        const auto [value, size] = code_point(old, at);
        put(writer, value, at);
        at += size;
      }
    }
    writer.commit();
  }

 private:
  char of_ascii(char c) const {
    const bool space = is_white_space(static_cast<char32_t>(c));
    const bool kept_control = c == '\t' || c == '\n' || c == '\r';
    if (options_.clean_text && !kept_control && is_other(static_cast<char32_t>(c))) return removed;
    if (options_.clean_text && space) return ' ';
    return static_cast<char>(options_.lowercase ? lower_case(static_cast<char32_t>(c))
                                                : static_cast<char32_t>(c));
  }

  void put_ascii(Rewriter& writer, unsigned char c, std::size_t at) const {
    const char written = ascii_[c];
    if (written == removed && options_.clean_text) return;
    writer.put(std::string_view(&written, 1), at);
  }

  void put(Rewriter& writer, char32_t c, std::size_t at) const {
    if (options_.clean_text) {
      if (c == 0xFFFD || older_unicode::is_other(c)) return;
      if (is_white_space(c)) c = ' ';
    }
    const bool ideograph = options_.handle_chinese_chars && is_cjk_ideograph(c);
    if (ideograph) writer.put(" ", at);
    if (options_.strip_accents) {
      for (const char32_t part : canonical_decomposition(c)) {
        if (!older_unicode::is_nonspacing_mark(part)) put_cased(writer, part, at);
      }
    } else {
      put_cased(writer, c, at);
    }
    if (ideograph) writer.put(" ", at);
  }

  void put_cased(Rewriter& writer, char32_t c, std::size_t at) const {
    if (!options_.lowercase) return writer.put(c, at);
    if (c == 0x130) return writer.put("i\u0307", at);  // the one full mapping to two code points
    writer.put(lower_case(c), at);
  }

  BertNormalization options_;
  std::array<char, 128> ascii_;
};

}  // namespace

NormalizerPointer bert_normalizer(const BertNormalization& options) {
  return std::make_unique<BertNormalizer>(options);
}

}  // namespace locus::tokenization
