#include "pipelines/text/lower_case.hpp"

#include <utf8proc.h>

#include <array>

namespace locus::pipelines {

std::string lower_case(std::string_view text) {
  std::string result;
  for (size_t place = 0; place < text.size();) {
    utf8proc_int32_t code = 0;
    std::array<utf8proc_uint8_t, 4> bytes;
    place += static_cast<size_t>(
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + place),
                         static_cast<utf8proc_ssize_t>(text.size() - place), &code));
    const auto count = utf8proc_encode_char(utf8proc_tolower(code), bytes.data());
    result.append(reinterpret_cast<const char*>(bytes.data()), static_cast<size_t>(count));
  }
  return result;
}

}  // namespace locus::pipelines
