#include "tokenizer/text/graphemes.hpp"

#include <utf8proc.h>

#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {

std::size_t grapheme_end(std::string_view text, std::size_t at) {
  CodePoint current = code_point(text, at);
  std::size_t end = at + current.size;
  utf8proc_int32_t state = 0;
  while (end < text.size()) {
    const CodePoint next = code_point(text, end);
    if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(current.value),
                                         static_cast<utf8proc_int32_t>(next.value), &state)) {
      break;
    }
    current = next;
    end += next.size;
  }
  return end;
}

}  // namespace locus::tokenization
