// A template's text cut into pieces, and an expression into words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace locus::pipelines::templates {

/// Text that stands for itself, `{{ expression }}` or `{% statement %}`.
struct Piece {
  enum class Kind { text, expression, statement } kind;
  std::string text;
};

/// Comments and the white space that marks ask for are gone (`{%-`; a statement's own line, as
/// transformers sets trim_blocks and lstrip_blocks). Throws Error for a piece without end.
std::vector<Piece> pieces_of(const std::string& source);

struct Word {
  enum class Kind { name, text, number, sign, end } kind = Kind::end;
  std::string text;
  bool is(std::string_view sign) const {
    return text == sign && (kind == Kind::sign || kind == Kind::name);
  }
};

/// The last is `end`. Throws Error for characters that begin no word.
std::vector<Word> words_of(std::string_view expression);

}  // namespace locus::pipelines::templates
