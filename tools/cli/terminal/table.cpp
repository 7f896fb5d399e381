#include "tools/cli/terminal/table.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

struct Character {
  int64_t bytes = 1;
  int width = 1;
  bool control = true;
};

/// What ends a line, and what turns the direction of writing.
bool moves_text(utf8proc_int32_t code) {
  return code == 0x2028 || code == 0x2029 || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

Character first_character(std::string_view text) {
  utf8proc_int32_t code = -1;
  const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (bytes <= 0) return {};
  return {bytes, utf8proc_charwidth(code),
          utf8proc_category(code) == UTF8PROC_CATEGORY_CC || moves_text(code)};
}

std::string escaped_bytes(std::string_view bytes) {
  if (bytes == "\n") return "\\n";
  if (bytes == "\t") return "\\t";
  if (bytes == "\r") return "\\r";
  std::string text;
  for (const unsigned char byte : bytes) {
    std::array<char, 5> buffer;
    std::snprintf(buffer.data(), buffer.size(), "\\x%02x", byte);
    text += buffer.data();
  }
  return text;
}

constexpr int left_out = -1;  // in place of a column's width

std::string padded(const std::string& cell, int width, Table::Align align) {
  const std::string space(static_cast<size_t>(std::max(0, width - display_width(cell))), ' ');
  return align == Table::Align::left ? cell + space : space + cell;
}

}  // namespace

int display_width(std::string_view text) {
  int width = 0;
  for (size_t place = 0; place < text.size();) {
    const auto character = first_character(text.substr(place));
    width += character.width;
    place += static_cast<size_t>(character.bytes);
  }
  return width;
}

std::string shortened(std::string_view text, int width) {
  if (display_width(text) <= width) return std::string(text);
  int used = 0;
  size_t place = 0;
  while (place < text.size()) {
    const auto character = first_character(text.substr(place));
    if (used + character.width > width - 1) break;
    used += character.width;
    place += static_cast<size_t>(character.bytes);
  }
  return std::string(text.substr(0, place)) + "…";
}

std::string visible(std::string_view text) {
  std::string result;
  for (size_t place = 0; place < text.size();) {
    const auto character = first_character(text.substr(place));
    const auto bytes = text.substr(place, static_cast<size_t>(character.bytes));
    result += character.control ? escaped_bytes(bytes) : std::string(bytes);
    place += bytes.size();
  }
  return result;
}

/// Of the columns, where a line may be `width` wide.
std::vector<int> Table::widths(int width) const {
  std::vector<int> widths;
  for (const auto& column : columns_) widths.push_back(display_width(column.title));
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  int surplus = 2 * (static_cast<int>(widths.size()) - 1) - width;
  for (const int each : widths) surplus += each;
  for (size_t i = widths.size(); i-- > 0 && surplus > 0;) {
    if (!columns_[i].optional) continue;
    surplus -= widths[i] + 2;
    widths[i] = left_out;
  }
  for (size_t i = widths.size(); i-- > 0 && surplus > 0;) {
    if (columns_[i].min == 0 || widths[i] <= columns_[i].min) continue;
    const int cut = std::min(surplus, widths[i] - columns_[i].min);
    widths[i] -= cut;
    surplus -= cut;
  }
  return widths;
}

std::string Table::text(int width) const {
  const std::vector<int> widths = this->widths(width);
  const auto line = [&](const auto& cell_at, size_t count) {
    std::string text;
    for (size_t i = 0; i < count; ++i) {
      if (widths[i] == left_out) continue;
      text +=
          (i ? "  " : "") + padded(shortened(cell_at(i), widths[i]), widths[i], columns_[i].align);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return shortened(text, width);
  };
  std::string result;
  const bool titled = std::any_of(columns_.begin(), columns_.end(),
                                  [](const auto& column) { return !column.title.empty(); });
  if (titled) {
    const auto title_at = [&](size_t i) { return columns_[i].title; };
    result += bold(line(title_at, columns_.size())) + "\n";
  }
  for (const auto& row : rows_) result += line([&](size_t i) { return row[i]; }, row.size()) + "\n";
  return result;
}

Table::Column left(std::string title, int min) {
  return {std::move(title), Table::Align::left, min};
}
Table::Column right(std::string title) { return {std::move(title), Table::Align::right, 0}; }
Table::Column optional(std::string title) {
  return {std::move(title), Table::Align::left, 0, true};
}

}  // namespace locus::cli
