// Expressions of a template.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "pipelines/template/lexer.hpp"
#include "pipelines/template/scope.hpp"

namespace locus::pipelines::templates {

Value undefined();
bool is_undefined(const Value& value);
bool is_true(const Value& value);
/// As Jinja prints it; nothing for what is undefined. Throws Error for lists and objects.
std::string printed(const Value& value);

/// Makes a value. What it makes is counted, so that no expression copies large values for ever.
class Expression {
 public:
  template <class Make>
  requires(!std::same_as<std::remove_cvref_t<Make>, Expression>) Expression(Make make)
      : make_(std::make_shared<const std::function<Value(const Scope&)>>(std::move(make))) {}
  Value operator()(const Scope& scope) const {
    Value value = (*make_)(scope);
    scope.budget().count(value);
    return value;
  }

 private:
  std::shared_ptr<const std::function<Value(const Scope&)>> make_;
};

/// Reads words of a statement or an expression from the front.
class Parser {
 public:
  /// Throws Error for more than 1,000 words: each operator calls the one before it.
  explicit Parser(std::string_view text);
  Expression expression();
  /// The next word, which is taken if it is `sign`.
  bool takes(std::string_view sign);
  void expect(std::string_view sign);
  std::string name();
  /// Throws Error unless nothing is left.
  void finish();

 private:
  struct Argument {
    std::string name;  ///< empty: by its place
    Expression value;
  };
  const Word& word() const { return words_[at_]; }
  Expression both_or_one(bool all);
  Expression negated();
  Expression compared();
  Expression summed();
  Expression filtered();
  Expression primary();
  Expression postfixed(Expression value);
  Expression method(const Expression& owner);
  Expression list();
  Expression tested(const Expression& value);
  std::vector<Argument> arguments();

  std::vector<Word> words_;
  size_t at_ = 0;
  int depth_ = 0;
};

/// `text | trim`, and the other filters that are followed, of a value and arguments by place and
/// name. Throws Error for others.
Value apply_filter(const std::string& name, const Value& value, const Value& given,
                   const Value& named);
bool knows_filter(const std::string& name);
/// `text.strip()` and the other methods that are followed.
Value call_method(const std::string& name, const Value& owner, const Value& given);
bool knows_method(const std::string& name);
/// Texts end to end; bounded.
Value joined_texts(const Value& left, const Value& right);
Value member(const Value& owner, const Value& key);

}  // namespace locus::pipelines::templates
