#include "pipelines/template/statements.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace locus::pipelines::templates {
namespace {

constexpr int deepest_block = 64;

class TemplateParser {
 public:
  explicit TemplateParser(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {}

  Statements parse() {
    Statements all = block({});
    if (at_ < pieces_.size()) throw Error("template", "no end of what has not begun", "one");
    return all;
  }

 private:
  /// The first word of a statement; empty for other pieces.
  std::string keyword() const {
    if (pieces_[at_].kind != Piece::Kind::statement) return "";
    return words_of(pieces_[at_].text).front().text;
  }

  /// Everything up to a statement that begins with one of `ends`, which stays.
  Statements block(const std::vector<std::string>& ends) {
    Statements found;
    for (; at_ < pieces_.size(); ++at_) {
      const std::string word = keyword();
      if (std::ranges::find(ends, word) != ends.end()) break;
      if (ends.empty() && (word == "endif" || word == "endfor" || word == "else")) break;
      found.push_back(statement(word));
    }
    if (!ends.empty() && at_ == pieces_.size())
      throw Error("template", "'" + ends.back() + "'", "the end");
    return found;
  }

  Parser parser(std::string_view first) {
    Parser parser(pieces_[at_].text);
    if (!first.empty()) parser.expect(first);
    return parser;
  }

  Statement statement(const std::string& word) {
    const Piece& piece = pieces_[at_];
    if (piece.kind == Piece::Kind::text) {
      return [text = piece.text](Scope&, std::string& out) { out += text; };
    }
    if (piece.kind == Piece::Kind::expression) {
      Parser words = parser("");
      Expression value = words.expression();
      words.finish();
      return [value](Scope& scope, std::string& out) { out += printed(value(scope)); };
    }
    if (word == "set") return assignment();
    if (word == "if") return choice("if");
    if (word == "for") return loop();
    throw Error("template", "if, for or set", "'" + word + "'");
  }

  void enter() {
    if (++depth_ > deepest_block)
      throw Error("template", "at most 64 blocks in one another", "more");
  }

  Statement assignment() {
    Parser words = parser("set");
    const std::string name = words.name();
    words.expect("=");
    Expression value = words.expression();
    words.finish();
    return [=](Scope& scope, std::string&) { scope.set(name, value(scope)); };
  }

  /// An `elif` is an `if` in the rest of the one before it.
  Statement choice(const char* first) {
    enter();
    Parser words = parser(first);
    Expression condition = words.expression();
    words.finish();
    ++at_;
    Statements then = block({"elif", "else", "endif"}), other;
    if (keyword() == "elif") {
      other.push_back(choice("elif"));
    } else if (keyword() == "else") {
      ++at_;
      other = block({"endif"});
    }
    --depth_;
    return [=](Scope& scope, std::string& out) {
      run(is_true(condition(scope)) ? then : other, scope, out);
    };
  }

  Statement loop() {
    enter();
    Parser words = parser("for");
    const std::string name = words.name();
    words.expect("in");
    Expression items = words.expression();
    words.finish();
    ++at_;
    const Statements body = block({"endfor"});
    --depth_;
    return [=](Scope& scope, std::string& out) { repeat(items(scope), {name, body}, scope, out); };
  }

  struct Loop {
    const std::string& name;
    const Statements& body;
  };

  /// What the body sets is forgotten after each turn.
  static void repeat(const Value& items, const Loop& loop, Scope& scope, std::string& out) {
    if (!items.is_array()) throw Error("template", "a loop over a list", "another value");
    const auto count = items.size();
    for (size_t i = 0; i < count; ++i) {
      Scope inner = scope.inside();
      inner.set(loop.name, items[i]);
      inner.set("loop", {{"index", i + 1},
                         {"index0", i},
                         {"first", i == 0},
                         {"last", i + 1 == count},
                         {"length", count}});
      run(loop.body, inner, out);
    }
  }

  std::vector<Piece> pieces_;
  size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Statements parse_template(const std::string& source) {
  return TemplateParser(pieces_of(source)).parse();
}

void run(const Statements& statements, Scope& scope, std::string& text) {
  constexpr size_t max_bytes = 1 << 24;
  for (const Statement& each : statements) {
    scope.budget().step();
    each(scope, text);
    if (text.size() > max_bytes) throw Error("template", "a prompt of at most 16 MiB", "more");
  }
}

}  // namespace locus::pipelines::templates
