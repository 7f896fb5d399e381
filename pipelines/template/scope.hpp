// What the names of a template stand for, and how much a template may do.
#pragma once

#include <string>

#include "base/json/values.hpp"

namespace locus::pipelines::templates {

/// JSON's, and `undefined`: a name that is not there.
using Value = nlohmann::json;

/// What one run of a template may cost: a stranger's template must come to an end.
class Budget {
 public:
  /// Throws Error after 10,000 pieces.
  void step();
  /// Throws Error after 16 MiB of values that names stood for in all.
  void keep(const Value& value);
  /// Of a value that was made, whether or not it stays. Throws Error after 256 MiB in all, and for
  /// lists more than 64 deep: copying them recurses.
  void count(const Value& value);
  /// Other work, in bytes; counts as values do.
  void spend(size_t bytes);

 private:
  int64_t steps_ = 0;
  size_t kept_ = 0;
  size_t spent_ = 0;
};

/// The names that a piece of a template sees.
class Scope {
 public:
  Scope(Value variables, Budget& budget) : names_(std::move(variables)), budget_(&budget) {}
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  /// A scope that sees the names of this one; what is set there does not reach this one.
  Scope inside() const { return Scope(this); }

  Value find(const std::string& name) const;
  void set(const std::string& name, Value value);
  Budget& budget() const { return *budget_; }

 private:
  explicit Scope(const Scope* outer) : budget_(outer->budget_), outer_(outer) {}

  Value names_ = Value::object();
  Budget* budget_;
  const Scope* outer_ = nullptr;
};

}  // namespace locus::pipelines::templates
