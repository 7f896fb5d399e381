#include "pipelines/template/expressions.hpp"

#include <utility>

#include "base/error.hpp"

namespace locus::pipelines::templates {
namespace {

constexpr int deepest = 64;
constexpr size_t max_words = 1000;

Expression constant(Value value) {
  return [value = std::move(value)](const Scope&) { return value; };
}

bool equal(const Value& left, const Value& right) {
  if (is_undefined(left) || is_undefined(right)) return is_undefined(left) && is_undefined(right);
  return left == right;
}

bool contains(const Value& whole, const Value& part, Budget& budget) {
  if (whole.is_string() && part.is_string()) {
    const auto& text = whole.get_ref<const std::string&>();
    const auto& wanted = part.get_ref<const std::string&>();
    budget.spend(text.size() * (wanted.size() / 16 + 1));  // what looking may cost
    return text.find(wanted) != std::string::npos;
  }
  if (whole.is_object()) return part.is_string() && whole.contains(part.get<std::string>());
  if (!whole.is_array()) throw Error("template", "a list or a text to look into", "another value");
  for (const Value& each : whole) {
    if (equal(each, part)) return true;
  }
  return false;
}

bool is_ordered(const Value& left, const std::string& sign, const Value& right) {
  if (!left.is_number_integer() || !right.is_number_integer()) {
    throw Error("template", "whole numbers to compare", "other values");
  }
  const auto a = left.get<int64_t>(), b = right.get<int64_t>();
  const bool holds = sign.front() == '<' ? a < b : a > b;
  return holds || (sign.size() == 2 && a == b);
}

}  // namespace

Parser::Parser(std::string_view text) : words_(words_of(text)) {
  if (words_.size() > max_words) {
    throw Error("template", "at most 1,000 words in an expression", std::to_string(words_.size()));
  }
}

bool Parser::takes(std::string_view sign) {
  if (!word().is(sign)) return false;
  ++at_;
  return true;
}

void Parser::expect(std::string_view sign) {
  if (!takes(sign)) throw Error("template", "'" + std::string(sign) + "'", "'" + word().text + "'");
}

std::string Parser::name() {
  if (word().kind != Word::Kind::name) throw Error("template", "a name", "'" + word().text + "'");
  return words_[at_++].text;
}

void Parser::finish() {
  if (word().kind != Word::Kind::end) {
    throw Error("template", "nothing more of what is followed", "'" + word().text + "'");
  }
}

Expression Parser::expression() {
  if (++depth_ > deepest) throw Error("template", "at most 64 expressions in one another", "more");
  Expression value = both_or_one(false);
  --depth_;
  if (!takes("if")) return value;
  Expression condition = both_or_one(false);
  Expression other = takes("else") ? expression() : constant(undefined());
  return
      [=](const Scope& scope) { return is_true(condition(scope)) ? value(scope) : other(scope); };
}

Expression Parser::both_or_one(bool all) {
  Expression left = all ? negated() : both_or_one(true);
  while (takes(all ? "and" : "or")) {
    Expression right = all ? negated() : both_or_one(true);
    left = [=](const Scope& scope) {
      Value value = left(scope);
      return is_true(value) == all ? right(scope) : value;
    };
  }
  return left;
}

Expression Parser::negated() {
  bool negative = false;
  while (takes("not")) negative = !negative;
  Expression value = compared();
  if (!negative) return value;
  return [=](const Scope& scope) { return Value(!is_true(value(scope))); };
}

Expression Parser::compared() {
  Expression left = summed();
  if (takes("is")) return tested(left);
  for (const bool negative : {false, true}) {
    if (!takes(negative ? "!=" : "==")) continue;
    Expression right = summed();
    return [=](const Scope& scope) { return Value(equal(left(scope), right(scope)) != negative); };
  }
  for (const char* sign : {"<", ">", "<=", ">="}) {
    if (!takes(sign)) continue;
    Expression right = summed();
    return [=, compare = std::string(sign)](const Scope& scope) {
      return Value(is_ordered(left(scope), compare, right(scope)));
    };
  }
  const bool negative = word().is("not") && words_[at_ + 1].is("in");
  if (negative) ++at_;
  if (!takes("in")) return left;
  Expression whole = summed();
  return [=](const Scope& scope) {
    return Value(contains(whole(scope), left(scope), scope.budget()) != negative);
  };
}

Expression Parser::tested(const Expression& value) {
  const bool negative = takes("not");
  const std::string test = name();
  const auto holds = [&]() -> std::function<bool(const Value&)> {
    if (test == "defined") return [](const Value& each) { return !is_undefined(each); };
    if (test == "undefined") return is_undefined;
    if (test == "none") return [](const Value& each) { return each.is_null(); };
    if (test == "string") return [](const Value& each) { return each.is_string(); };
    if (test == "mapping") return [](const Value& each) { return each.is_object(); };
    if (test == "true") return [](const Value& each) { return each == Value(true); };
    if (test == "false") return [](const Value& each) { return each == Value(false); };
    throw Error("template", "a test that is followed", "'is " + test + "'");
  }();
  return [=](const Scope& scope) { return Value(holds(value(scope)) != negative); };
}

Expression Parser::summed() {
  Expression left = filtered();
  while (word().is("+") || word().is("~")) {
    const bool texts = words_[at_++].text == "~";
    Expression right = filtered();
    left = [=](const Scope& scope) {
      const Value first = left(scope), second = right(scope);
      if (texts) return joined_texts(Value(printed(first)), Value(printed(second)));
      if (!first.is_number_integer() || !second.is_number_integer())
        return joined_texts(first, second);
      return Value(static_cast<int64_t>(first.get<uint64_t>() + second.get<uint64_t>()));
    };
  }
  return left;
}

Expression Parser::filtered() {
  Expression value = primary();
  while (takes("|")) {
    const std::string filter = name();
    if (!knows_filter(filter))
      throw Error("template", "a filter that is followed", "'" + filter + "'");
    const std::vector<Argument> given = arguments();
    value = [=](const Scope& scope) {
      Value places = Value::array(), names = Value::object();
      for (const Argument& each : given) {
        if (each.name.empty()) {
          places.push_back(each.value(scope));
        } else {
          names[each.name] = each.value(scope);
        }
      }
      return apply_filter(filter, value(scope), places, names);
    };
  }
  return value;
}

std::vector<Parser::Argument> Parser::arguments() {
  std::vector<Argument> given;
  if (!takes("(")) return given;
  while (!takes(")")) {
    std::string key;
    if (word().kind == Word::Kind::name && words_[at_ + 1].is("=")) {
      key = name();
      ++at_;
    }
    given.push_back({std::move(key), expression()});
    if (!word().is(")")) expect(",");
  }
  return given;
}

Expression Parser::list() {
  std::vector<Expression> items;
  while (!takes("]")) {
    items.push_back(expression());
    if (!word().is("]")) expect(",");
  }
  return [items](const Scope& scope) {
    Value values = Value::array();
    for (const Expression& each : items) values.push_back(each(scope));
    return values;
  };
}

Expression Parser::primary() {
  const Word here = word();
  if (here.kind == Word::Kind::end) throw Error("template", "an expression", "nothing");
  ++at_;
  if (here.kind == Word::Kind::text) return postfixed(constant(here.text));
  if (here.kind == Word::Kind::number) {
    if (here.text.size() > 9) throw Error("template", "numbers below 10^9", here.text);
    return constant(std::stoi(here.text));
  }
  if (here.is("(")) {
    Expression inner = expression();
    expect(")");
    return postfixed(inner);
  }
  if (here.is("[")) return postfixed(list());
  if (here.kind != Word::Kind::name) {
    throw Error("template", "an expression that is followed", "'" + here.text + "'");
  }
  if (here.text == "true" || here.text == "True") return constant(true);
  if (here.text == "false" || here.text == "False") return constant(false);
  if (here.text == "none" || here.text == "None") return constant(nullptr);
  if (word().is("(")) throw Error("template", "no calls of functions", "'" + here.text + "('");
  return postfixed([name = here.text](const Scope& scope) { return scope.find(name); });
}

Expression Parser::method(const Expression& owner) {
  const std::string key = name();
  if (!word().is("(")) {
    return [=](const Scope& scope) { return member(owner(scope), Value(key)); };
  }
  if (!knows_method(key)) throw Error("template", "a method that is followed", "'" + key + "()'");
  const std::vector<Argument> given = arguments();
  return [=](const Scope& scope) {
    Value values = Value::array();
    for (const Argument& each : given) values.push_back(each.value(scope));
    return call_method(key, owner(scope), values);
  };
}

Expression Parser::postfixed(Expression value) {
  for (int count = 0;; ++count) {
    if (count > deepest) throw Error("template", "at most 64 parts of one name", "more");
    if (takes(".")) {
      value = method(value);
    } else if (takes("[")) {
      const bool negative = takes("-");
      Expression key = expression();
      expect("]");
      value = [=](const Scope& scope) {
        const Value index = key(scope);
        const bool number = negative && index.is_number_integer();
        return member(value(scope), number ? Value(-index.get<int64_t>()) : index);
      };
    } else {
      return value;
    }
  }
}

}  // namespace locus::pipelines::templates
