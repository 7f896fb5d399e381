#include "tools/cli/terminal/paragraph.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "tools/cli/terminal/table.hpp"

namespace locus::cli {
namespace {

constexpr int line_width = 80;
constexpr int max_piece = 64;  // a longer word, such as a path, is cut

size_t character_bytes(unsigned char first) {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/// Pieces that stay whole: words without the space before them, and single wide characters with the
/// mark that closes them.
struct Piece {
  std::string text;
  bool spaced = false;  ///< there was a space before it
};

bool closes(std::string_view character) {
  static const std::vector<std::string_view> marks{"，", "。", "；", "：", "、", "）", "”", "》"};
  return std::ranges::find(marks, character) != marks.end();
}

std::vector<Piece> pieces_of(const std::string& text) {
  std::vector<Piece> pieces;
  bool spaced = false, open = false;  // whether the last piece may grow
  for (size_t place = 0; place < text.size();) {
    const std::string character =
        text.substr(place, character_bytes(static_cast<unsigned char>(text[place])));
    place += character.size();
    if (character == " ") {
      spaced = true;
      open = false;
      continue;
    }
    const bool wide = display_width(character) > 1;
    const bool full = !pieces.empty() && display_width(pieces.back().text) >= max_piece;
    const bool joins = !spaced && !pieces.empty() && !full && (wide ? closes(character) : open);
    if (joins) {
      pieces.back().text += character;
    } else {
      pieces.push_back({character, spaced});
    }
    open = !wide;
    spaced = false;
  }
  return pieces;
}

}  // namespace

std::string paragraph(const std::string& text, const std::string& indent) {
  std::string result, line = indent;
  for (const Piece& piece : pieces_of(text)) {
    const std::string gap = piece.spaced && line.size() > indent.size() ? " " : "";
    const bool begun = line.size() > indent.size();
    if (begun && display_width(line + gap + piece.text) > line_width) {
      result += line + "\n";
      line = indent + piece.text;
    } else {
      line += gap + piece.text;
    }
  }
  return result + line + "\n";
}

}  // namespace locus::cli
