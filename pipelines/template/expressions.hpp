// Expressions of a template.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pipelines/template/lexer.hpp"

namespace locus::pipelines::templates {

/// JSON's, and `undefined`: a name that is not there.
using Value = nlohmann::json;
Value undefined();
bool is_undefined(const Value& value);
bool is_true(const Value& value);
/// As Jinja prints it; nothing for what is undefined. Throws Error for lists and objects.
std::string printed(const Value& value);

/// The names that a piece of a template sees, and how much it may still do.
class Scope {
 public:
  explicit Scope(Value variables) : names_(std::move(variables)) {}
  Value find(const std::string& name) const;
  /// Throws Error after 16 MiB of values in all: each loop copies what is set.
  void set(const std::string& name, Value value);
  /// Throws Error after 10,000 pieces: a stranger's template must come to an end.
  void step();
  /// Counts what a scope inside this one has done.
  void take_counts(const Scope& inner) {
    steps_ = inner.steps_;
    bytes_ = inner.bytes_;
  }

 private:
  Value names_;
  int64_t steps_ = 0;
  size_t bytes_ = 0;
};

using Expression = std::function<Value(const Scope&)>;

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
