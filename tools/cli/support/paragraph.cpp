#include "tools/cli/support/paragraph.hpp"

#include <algorithm>

namespace locus::cli {
namespace {

constexpr size_t line_width = 80;

}  // namespace

std::string paragraph(const std::string& text, const std::string& indent) {
  std::string result, line = indent;
  for (size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(' ', begin), text.size());
    const auto word = text.substr(begin, end - begin);
    if (line.size() > indent.size() && line.size() + 1 + word.size() > line_width) {
      result += line + "\n";
      line = indent;
    }
    if (line.size() > indent.size()) line += ' ';
    line += word;
    begin = end + 1;
  }
  return result + line + "\n";
}

}  // namespace locus::cli
