// Unicode normalization forms (UAX #15) over code points.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace locus::tokenization {

/// The full decomposition of one code point.
class Decomposition {
 public:
  const char32_t* begin() const { return parts_.data(); }
  const char32_t* end() const { return parts_.data() + size_; }

 private:
  friend Decomposition canonical_decomposition(char32_t);
  friend Decomposition compatibility_decomposition(char32_t);
  Decomposition(char32_t c, int options);

  std::array<char32_t, 20> parts_;  // the longest, U+FDFA, has 18
  std::size_t size_ = 0;
};

Decomposition canonical_decomposition(char32_t c);
Decomposition compatibility_decomposition(char32_t c);

/// A code point and the byte of the text that it stands for.
struct Located {
  char32_t value;
  std::size_t source;
};

/// Canonical ordering of a run of decomposed code points.
void reorder(std::vector<Located>& run);
/// Canonical composition of an ordered run. A composed code point keeps its first part's source.
void compose(std::vector<Located>& run);

}  // namespace locus::tokenization
