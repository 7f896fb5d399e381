// Aligned tables for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace locus::cli {

/// Terminal columns that a UTF-8 text takes; a CJK character takes two.
int display_width(std::string_view text);
/// The text cut to so many columns, with an ellipsis where something went.
std::string shortened(std::string_view text, int width);
/// The text with control characters written as escapes, so that a token stays on its line.
std::string visible(std::string_view text);

/// Rows of cells under a heading. Numbers stand to the right, texts to the left.
class Table {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
    int min = 0;  ///< columns that it may be cut to where lines are too wide; 0: it stays whole
    bool optional = false;  ///< whether it is left out rather than cut
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// The lines. Where they are wider than `width`, optional columns go, then cells are cut where a
  /// column allows it, the last such column first, and then lines. No heading where all titles are
  /// empty.
  std::string text(int width) const;

 private:
  std::vector<int> widths(int width) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

Table::Column left(std::string title = "", int min = 0);
Table::Column right(std::string title = "");
/// To the left, and left out where there is no room.
Table::Column optional(std::string title);

}  // namespace locus::cli
