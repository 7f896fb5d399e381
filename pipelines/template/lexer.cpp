#include "pipelines/template/lexer.hpp"

#include <algorithm>
#include <cctype>

#include "base/error.hpp"

namespace locus::pipelines::templates {
namespace {

constexpr std::string_view spaces = " \t\r\n\v\f";

void strip_right(std::string& text) { text.erase(text.find_last_not_of(spaces) + 1); }

/// White space between the beginning of a line and a statement.
void strip_indentation(std::string& text, bool begins_line) {
  const size_t last = text.find_last_not_of(" \t");
  if (last == std::string::npos ? begins_line : text[last] == '\n') text.erase(last + 1);
}

/// Where a `}}`, `%}` or `#}` stands that no literal holds.
size_t end_of(const std::string& source, size_t at, char mark) {
  char quote = 0;
  for (; at + 1 < source.size(); ++at) {
    const char c = source[at];
    if (quote != 0) {
      if (c == '\\') ++at;
      if (c == quote) quote = 0;
    } else if (mark != '#' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == mark && source[at + 1] == '}') {
      return at;
    }
  }
  throw Error("template", "an end of each {{, {% and {#", "none");
}

class Cutter {
 public:
  explicit Cutter(const std::string& source) : source_(source) {
    if (source_.ends_with('\n')) source_.pop_back();  // as Jinja does
  }

  std::vector<Piece> cut() {
    for (size_t at = 0; at < source_.size();) {
      const size_t open = next_open(at);
      std::string text = source_.substr(at, open - at);
      if (open == source_.size()) {
        add_text(std::move(text));
        break;
      }
      at = add_piece(open, std::move(text));
    }
    return std::move(pieces_);
  }

 private:
  size_t next_open(size_t at) const {
    for (; at + 1 < source_.size(); ++at) {
      if (source_[at] == '{' && std::string_view("{%#").find(source_[at + 1]) != std::string::npos)
        return at;
    }
    return source_.size();
  }

  void add_text(std::string text) {
    if (!text.empty()) pieces_.push_back({Piece::Kind::text, std::move(text)});
  }

  /// Returns where the text after it begins.
  size_t add_piece(size_t open, std::string before) {
    const bool prints = source_[open + 1] == '{';
    const char mark = prints ? '}' : source_[open + 1];
    size_t begin = open + 2;
    const char sign = begin < source_.size() ? source_[begin] : ' ';
    if (sign == '-') {
      strip_right(before);
    } else if (!prints && sign != '+') {
      const size_t begun = open - before.size();
      strip_indentation(before, begun == 0 || source_[begun - 1] == '\n');
    }
    if (sign == '-' || sign == '+') ++begin;
    size_t end = end_of(source_, begin, mark);
    const size_t after = end + 2;
    const bool strips = end > begin && source_[end - 1] == '-';
    if (strips) --end;
    add_text(std::move(before));
    if (mark != '#') {
      pieces_.push_back({prints ? Piece::Kind::expression : Piece::Kind::statement,
                         source_.substr(begin, end - begin)});
    }
    if (strips) return std::min(source_.find_first_not_of(spaces, after), source_.size());
    return !prints && source_.compare(after, 1, "\n") == 0 ? after + 1 : after;
  }

  std::string source_;
  std::vector<Piece> pieces_;
};

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A literal's text; `at` stands after it then.
std::string literal(std::string_view text, size_t& at) {
  const char quote = text[at++];
  std::string value;
  for (; at < text.size() && text[at] != quote; ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      value += text[at];
      continue;
    }
    const char escaped = text[++at];
    constexpr std::string_view names = "ntr", values = "\n\t\r";
    const size_t known = names.find(escaped);
    value += known == std::string::npos ? escaped : values[known];
  }
  if (at == text.size()) throw Error("template", "an end of each text", "none");
  ++at;
  return value;
}

}  // namespace

std::vector<Piece> pieces_of(const std::string& source) { return Cutter(source).cut(); }

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto take = [&](Word::Kind kind, auto holds) {
      const size_t begin = at;
      while (at < text.size() && holds(text[at])) ++at;
      words.push_back({kind, std::string(text.substr(begin, at - begin))});
    };
    if (spaces.find(c) != std::string::npos) {
      ++at;
    } else if (c == '"' || c == '\'') {
      words.push_back({Word::Kind::text, literal(text, at)});
    } else if (is_digit(c)) {
      take(Word::Kind::number, is_digit);
    } else if (begins_name(c)) {
      take(Word::Kind::name, [](char each) { return begins_name(each) || is_digit(each); });
    } else {
      const std::string pair(text.substr(at, 2));
      const bool two = pair == "==" || pair == "!=" || pair == "<=" || pair == ">=";
      if (!two && std::string_view("()[].,|+-~<>=:{}").find(c) == std::string::npos) {
        throw Error("template", "an expression of Jinja", "'" + std::string(1, c) + "'");
      }
      words.push_back({Word::Kind::sign, pair.substr(0, two ? 2 : 1)});
      at += two ? 2 : 1;
    }
  }
  words.push_back({});
  return words;
}

}  // namespace locus::pipelines::templates
