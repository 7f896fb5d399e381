#include "tokenizer/normalizers/normalizer.hpp"
#include "tokenizer/text/decomposition.hpp"
#include "tokenizer/text/unicode.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

class UnicodeNormalizer : public Normalizer {
 public:
  explicit UnicodeNormalizer(UnicodeForm form)
      : compatible_(form == UnicodeForm::nfkc || form == UnicodeForm::nfkd),
        composed_(form == UnicodeForm::nfc || form == UnicodeForm::nfkc) {}

  void normalize(AlignedText& text) const override {
    Rewriter writer(text);
    const std::string_view old = writer.view();
    std::vector<Located> run;
    for (std::size_t at = 0; at < old.size();) {
      const auto [value, size] = code_point(old, at);
      // ASCII never combines with what precedes it: a run may end here.
      if (value < 0x80) flush(run, writer);
      decompose(value, at, run);
      at += size;
    }
    flush(run, writer);
    writer.commit();
  }

 private:
  void decompose(char32_t value, std::size_t at, std::vector<Located>& run) const {
    if (value < 0x80) {
      run.push_back({value, at});
      return;
    }
    for (const char32_t part :
         compatible_ ? compatibility_decomposition(value) : canonical_decomposition(value)) {
      run.push_back({part, at});
    }
  }

  void flush(std::vector<Located>& run, Rewriter& writer) const {
    if (run.size() > 1) {
      reorder(run);
      if (composed_) compose(run);
    }
    for (const Located& c : run) writer.put(c.value, c.source);
    run.clear();
  }

  bool compatible_;
  bool composed_;
};

}  // namespace

NormalizerPointer unicode_normalizer(UnicodeForm form) {
  return std::make_unique<UnicodeNormalizer>(form);
}

}  // namespace locus::tokenization
