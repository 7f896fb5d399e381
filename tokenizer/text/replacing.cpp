#include "tokenizer/text/replacing.hpp"

namespace locus::tokenization {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  std::size_t match = text.find(from);
  if (match == std::string::npos || from.empty()) return;
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  for (; match != std::string::npos; match = text.find(from, at)) {
    out.append(text, at, match - at);
    out += to;
    at = match + from.size();
  }
  text = std::move(out.append(text, at));
}

}  // namespace locus::tokenization
