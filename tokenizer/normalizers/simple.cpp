#include "tokenizer/normalizers/normalizer.hpp"
#include "tokenizer/text/older_unicode.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

class LowercaseNormalizer : public Normalizer {
 public:
  void normalize(AlignedText& text) const override {
    Rewriter writer(text);
    for (std::size_t at = 0; at < writer.view().size();) {
      const auto [value, size] = code_point(writer.view(), at);
      if (value == 0x130) {
        writer.put("i\u0307", at);  // the one full mapping to two code points
      } else {
        writer.put(lower_case(value), at);
      }
      at += size;
    }
    writer.commit();
  }
};

class StripAccentsNormalizer : public Normalizer {
 public:
  void normalize(AlignedText& text) const override {
    Rewriter writer(text);
    for (std::size_t at = 0; at < writer.view().size();) {
      const auto [value, size] = code_point(writer.view(), at);
      if (!older_unicode::is_mark(value)) writer.copy(at, at + size);
      at += size;
    }
    writer.commit();
  }
};

class StripNormalizer : public Normalizer {
 public:
  explicit StripNormalizer(Sides sides) : sides_(sides) {}

  void normalize(AlignedText& text) const override {
    const std::string_view old = text.view();
    std::size_t begin = 0, end = old.size();
    if (sides_ == Sides::left || sides_ == Sides::both) begin = first_kept(old);
    if (sides_ == Sides::right || sides_ == Sides::both) end = end_kept(old, begin);
    if (begin == 0 && end == old.size()) return;
    Rewriter writer(text);
    writer.copy(begin, end);
    writer.commit();
  }

 private:
  static std::size_t first_kept(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
      const auto [value, size] = code_point(text, at);
      if (!is_white_space(value)) break;
      at += size;
    }
    return at;
  }

  static std::size_t end_kept(std::string_view text, std::size_t begin) {
    std::size_t end = text.size();
    while (end > begin) {
      const std::size_t at = previous(text, end);
      if (!is_white_space(code_point(text, at).value)) break;
      end = at;
    }
    return end;
  }

  Sides sides_;
};

class PrependNormalizer : public Normalizer {
 public:
  explicit PrependNormalizer(std::string prefix) : prefix_(std::move(prefix)) {}

  void normalize(AlignedText& text) const override {
    if (text.view().empty()) return;
    Rewriter writer(text);
    writer.put(prefix_, 0);
    writer.copy(0, writer.view().size());
    writer.commit();
  }

 private:
  std::string prefix_;
};

class ReplaceNormalizer : public Normalizer {
 public:
  ReplaceNormalizer(Pattern pattern, std::string content)
      : pattern_(std::move(pattern)), content_(std::move(content)) {}

  void normalize(AlignedText& text) const override {
    auto match = pattern_.search(text.view(), 0, text.watch());
    if (!match) return;
    Rewriter writer(text);
    const std::string_view old = writer.view();
    std::size_t copied = 0;
    while (match) {
      expect_characters(*match, "Replace");
      writer.copy(copied, match->begin);
      // As in the reference, what is written stands for the last code point of the match.
      writer.put(content_, match->end - 1);
      copied = match->end;
      match = pattern_.search(old, match->end, text.watch());
    }
    writer.copy(copied, old.size());
    writer.commit();
  }

 private:
  Pattern pattern_;
  std::string content_;
};

class NormalizerSequence : public Normalizer {
 public:
  explicit NormalizerSequence(std::vector<NormalizerPointer> steps) : steps_(std::move(steps)) {}

  void normalize(AlignedText& text) const override {
    for (const auto& step : steps_) step->normalize(text);
  }

 private:
  std::vector<NormalizerPointer> steps_;
};

}  // namespace

NormalizerPointer lowercase_normalizer() { return std::make_unique<LowercaseNormalizer>(); }

NormalizerPointer strip_accents_normalizer() { return std::make_unique<StripAccentsNormalizer>(); }

NormalizerPointer strip_normalizer(Sides sides) { return std::make_unique<StripNormalizer>(sides); }

NormalizerPointer prepend_normalizer(std::string prefix) {
  return std::make_unique<PrependNormalizer>(std::move(prefix));
}

NormalizerPointer replace_normalizer(Pattern pattern, std::string content) {
  return std::make_unique<ReplaceNormalizer>(std::move(pattern), std::move(content));
}

NormalizerPointer normalizer_sequence(std::vector<NormalizerPointer> steps) {
  return std::make_unique<NormalizerSequence>(std::move(steps));
}

}  // namespace locus::tokenization
