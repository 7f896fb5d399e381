#include "tokenizer/text/decomposition.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "tokenizer/text/older_unicode.hpp"
#include "tokenizer/text/unicode.hpp"

namespace locus::tokenization {

Decomposition::Decomposition(char32_t c, int options) {
  if (!older_unicode::is_decomposed(c)) {
    parts_[0] = c;
    size_ = 1;
    return;
  }
  std::array<utf8proc_int32_t, 20> parts;
  int last_boundary_class = 0;
  const auto size = utf8proc_decompose_char(
      static_cast<utf8proc_int32_t>(c), parts.data(), static_cast<utf8proc_ssize_t>(parts.size()),
      static_cast<utf8proc_option_t>(options), &last_boundary_class);
  size_ = size < 0 ? 0 : static_cast<std::size_t>(size);
  std::copy_n(parts.begin(), size_, parts_.begin());
}

Decomposition canonical_decomposition(char32_t c) { return {c, UTF8PROC_DECOMPOSE}; }

Decomposition compatibility_decomposition(char32_t c) {
  return {c, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT};
}

void reorder(std::vector<Located>& run) {
  const auto starter = [](const Located& c) { return combining_class(c.value) == 0; };
  for (auto begin = run.begin(); begin != run.end();) {
    begin = std::find_if_not(begin, run.end(), starter);
    const auto end = std::find_if(begin, run.end(), starter);
    std::stable_sort(begin, end, [](const Located& a, const Located& b) {
      return combining_class(a.value) < combining_class(b.value);
    });
    begin = end;
  }
}

namespace {

// The primary composite of two code points; 0 if there is none.
char32_t composite(char32_t first, char32_t second) {
  std::array<utf8proc_int32_t, 2> pair = {static_cast<utf8proc_int32_t>(first),
                                          static_cast<utf8proc_int32_t>(second)};
  const auto size = utf8proc_normalize_utf32(
      pair.data(), 2, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  return size == 1 ? static_cast<char32_t>(pair[0]) : 0;
}

}  // namespace

// UAX #15, canonical composition algorithm: each code point joins the last starter unless one
// between them has the same class or a higher one.
void compose(std::vector<Located>& run) {
  std::size_t starter = 0, size = 0;
  bool has_starter = false;
  int last_class = 0;  // of what was kept after the starter
  for (const Located next : run) {
    const int next_class = combining_class(next.value);
    const bool reachable = has_starter && (size == starter + 1 || last_class < next_class);
    const char32_t joined = reachable ? composite(run[starter].value, next.value) : 0;
    if (joined != 0) {
      run[starter].value = joined;
      continue;
    }
    if (next_class == 0) {
      starter = size;
      has_starter = true;
    }
    last_class = next_class;
    run[size++] = next;
  }
  run.resize(size);
}

}  // namespace locus::tokenization
