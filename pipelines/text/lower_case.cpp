#include "pipelines/text/lower_case.hpp"

#include <utf8proc.h>

#include "base/utf8.hpp"

namespace locus::pipelines {

std::string lower_case(std::string_view text) {
  std::string result;
  for (size_t place = 0; place < text.size();) {
    const auto [value, size] = utf8::code_point(text, place);
    place += size;
    utf8::append(result,
                 static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(value))));
  }
  return result;
}

}  // namespace locus::pipelines
