#include "tokenizer/detail/text/decomposition.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "tokenizer/detail/text/older_unicode.hpp"
#include "tokenizer/detail/text/unicode.hpp"

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

void compose(std::vector<Located>& run) {
  std::vector<utf8proc_int32_t> composed;
  for (const Located& c : run) composed.push_back(static_cast<utf8proc_int32_t>(c.value));
  const auto size =
      utf8proc_normalize_utf32(composed.data(), static_cast<utf8proc_ssize_t>(composed.size()),
                               static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  composed.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  // The parts of a composed code point follow it in the decomposed run; what stays as it was is
  // found there again, in order.
  std::size_t part = 0;
  for (std::size_t i = 0; i < composed.size(); ++i) {
    const auto value = static_cast<char32_t>(composed[i]);
    const char32_t base = *canonical_decomposition(value).begin();
    std::size_t found = part;
    while (found < run.size() && run[found].value != base) ++found;
    if (found == run.size()) found = std::min(part, run.size() - 1);
    const std::size_t source = run[found].source;
    part = found + 1;
    run[i] = {value, source};
  }
  run.resize(composed.size());
}

}  // namespace locus::tokenization
