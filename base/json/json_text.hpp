// JSON as text, for lines that must be written fast.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

namespace locus::detail {

/// A string with quotes and escapes (RFC 8259, section 7). `text` is UTF-8.
void append_json(std::string& line, std::string_view text);

template <typename Integer>
void append_number(std::string& line, Integer value) {
  char buffer[24];
  line.append(buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr);
}

/// `[...]` of items that `append(item)` writes.
template <typename Items, typename Append>
void append_list(std::string& line, const Items& items, const Append& append) {
  line += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) line += ',';
    first = false;
    append(item);
  }
  line += ']';
}

}  // namespace locus::detail
