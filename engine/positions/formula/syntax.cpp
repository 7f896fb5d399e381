#include "engine/positions/formula/syntax.hpp"

#include <algorithm>
#include <utility>

#include "base/decimal.hpp"
#include "base/error.hpp"

namespace locus::positions {
namespace {

constexpr size_t max_characters = 2000;
constexpr int max_depth = 200;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// A summand with its sign.
struct Summand {
  bool added;
  Term term;

  bool is(std::string_view name) const {
    return term.kind == Term::Kind::name && term.name == name;
  }
};

// i and j of different signs are a distance: what depends on that alone costs a table.
void join_distances(std::vector<Summand>& summands) {
  for (;;) {
    const auto j = std::ranges::find_if(summands, [&](const Summand& each) {
      return each.is("j") && std::ranges::any_of(summands, [&](const Summand& other) {
               return other.is("i") && other.added != each.added;
             });
    });
    if (j == summands.end()) return;
    const bool added = j->added;
    j->term.name = "n";
    summands.erase(std::ranges::find_if(
        summands, [&](const Summand& each) { return each.is("i") && each.added != added; }));
  }
}

class Parser {
 public:
  Parser(const std::string& who, std::string_view text) : who_(who), text_(text) {}

  Term whole() {
    Term term = comparison();
    if (at_ < text_.size()) refuse("an operator or the end");
    return term;
  }

 private:
  /// One more bracket, sign or power around what is read.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser.depth_ > max_depth) {
        parser.refuse("at most " + std::to_string(max_depth) + " parts in each other");
      }
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  [[noreturn]] void refuse(const std::string& expected) {
    skip_spaces();
    const std::string found =
        at_ < text_.size() ? "'" + std::string(text_.substr(at_, 1)) + "'" : "the end";
    throw Error(who_, expected, found + " at character " + std::to_string(at_ + 1));
  }

  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  /// Whether the text goes on with `word`, which is then read.
  bool take(std::string_view word) {
    skip_spaces();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!take(word)) refuse("'" + std::string(word) + "'");
  }

  static Term call(std::string_view operation, std::vector<Term> arguments) {
    Term term;
    term.kind = Term::Kind::call;
    term.name = operation;
    term.place = arguments[0].place;
    term.function = find_function(operation, arguments.size());
    term.arguments = std::move(arguments);
    return term;
  }
  static Term call(std::string_view operation, Term a, Term b) {
    std::vector<Term> both;
    both.push_back(std::move(a));
    both.push_back(std::move(b));
    return call(operation, std::move(both));
  }
  static Term negative(Term term) {
    std::vector<Term> one;
    one.push_back(std::move(term));
    return call("-", std::move(one));
  }

  Term comparison() {
    const Level level(*this);
    Term left = sum();
    for (const char* operation : {"<=", ">=", "==", "!=", "<", ">"}) {
      if (take(operation)) return call(operation, std::move(left), sum());
    }
    return left;
  }

  Term sum() {
    std::vector<Summand> summands;
    bool added = true;
    if (take("-")) added = false;
    for (;;) {
      summands.push_back({added, product()});
      if (take("+")) {
        added = true;
      } else if (take("-")) {
        added = false;
      } else {
        break;
      }
    }
    join_distances(summands);
    Term total = std::move(summands[0].term);
    if (!summands[0].added) total = negative(std::move(total));
    for (size_t index = 1; index < summands.size(); ++index) {
      total = call(summands[index].added ? "+" : "-", std::move(total),
                   std::move(summands[index].term));
    }
    return total;
  }

  Term product() {
    Term left = factor();
    for (;;) {
      if (take("*")) {
        left = call("*", std::move(left), factor());
      } else if (take("/")) {
        left = call("/", std::move(left), factor());
      } else {
        return left;
      }
    }
  }

  Term factor() {
    const Level level(*this);
    if (take("-")) return negative(factor());
    if (take("+")) return factor();
    Term base = atom();
    if (!take("^")) return base;
    return call("^", std::move(base), factor());
  }

  Term atom() {
    skip_spaces();
    const size_t place = at_ + 1;
    if (take("(")) {
      Term inner = comparison();
      expect(")");
      return inner;
    }
    if (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) return number();
    if (at_ == text_.size() || !is_letter(text_[at_])) refuse("a number, a name or '('");
    const size_t begin = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    Term term;
    term.kind = Term::Kind::name;
    term.name = text_.substr(begin, at_ - begin);
    term.place = place;
    if (take("(")) return called(std::move(term));
    if (take("[")) {
      term.kind = Term::Kind::element;
      term.arguments = list("]");
    }
    return term;
  }

  Term number() {
    Term term;
    term.place = at_ + 1;
    const auto [value, bytes] = leading_decimal(std::string_view(text_).substr(at_));
    if (bytes == 0) refuse("a number");
    term.number = value;
    at_ += bytes;
    return term;
  }

  Term called(Term term) {
    if (term.name == "sum") return looped(std::move(term));
    const size_t wanted = arguments_of(term.name);
    if (wanted == 0) refuse_term(who_, "one of " + function_names(), term);
    term.kind = Term::Kind::call;
    term.arguments = list(")");
    if (term.arguments.size() != wanted) {
      refuse_term(who_, term.name + " of " + std::to_string(wanted) + " arguments", term);
    }
    term.function = find_function(term.name, wanted);
    return term;
  }

  Term looped(Term term) {
    Term counter = atom();
    if (counter.kind != Term::Kind::name) refuse_term(who_, "sum(NAME, COUNT, TERM)", term);
    term.kind = Term::Kind::sum;
    term.name = counter.name;
    term.place = counter.place;
    expect(",");
    term.arguments.push_back(comparison());
    expect(",");
    term.arguments.push_back(comparison());
    expect(")");
    return term;
  }

  /// Terms up to the bracket that ends them.
  std::vector<Term> list(std::string_view end) {
    std::vector<Term> terms;
    do {
      terms.push_back(comparison());
    } while (take(","));
    expect(end);
    return terms;
  }

  const std::string& who_;
  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

void refuse_term(const std::string& who, const std::string& expected, const Term& found) {
  throw Error(who, expected, "'" + found.name + "' at character " + std::to_string(found.place));
}

Term parse_formula(const std::string& who, std::string_view text) {
  if (text.size() > max_characters) {
    throw Error(who, "at most " + std::to_string(max_characters) + " characters",
                std::to_string(text.size()));
  }
  return Parser(who, text).whole();
}

}  // namespace locus::positions
