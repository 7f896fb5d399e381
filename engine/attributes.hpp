// Named values of nodes and schemes, as a graph's JSON form holds them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace locus {

/// A list of numbers. A type of its own, since libstdc++ 12 takes a variant of its own types alone
/// for one that always has a value: where memory for a copy runs out, it destroys what never was.
struct Numbers : std::vector<double> {
  using std::vector<double>::vector;
  Numbers(std::vector<double> values) : std::vector<double>(std::move(values)) {}
};

using Attribute = std::variant<bool, int64_t, double, std::string, Numbers>;

/// Attributes by name, read with a type and a default. Every failure names the owner.
class Attributes {
 public:
  Attributes() = default;
  Attributes(std::initializer_list<std::pair<const std::string, Attribute>> values)
      : values_(values) {}

  bool contains(std::string_view name) const { return values_.count(std::string(name)) > 0; }
  void set(std::string name, Attribute value) { values_[std::move(name)] = std::move(value); }
  const std::map<std::string, Attribute>& values() const { return values_; }
  bool empty() const { return values_.empty(); }

  /// The value of `name`, or `fallback` where it is absent. Throws Error
  /// (`WHO: expected NAME to be an integer, found ...`) when its type is another.
  /// An integer is accepted where a number is asked for.
  int64_t integer(std::string_view who, std::string_view name, int64_t fallback) const;
  double number(std::string_view who, std::string_view name, double fallback) const;
  bool boolean(std::string_view who, std::string_view name, bool fallback) const;
  std::string text(std::string_view who, std::string_view name, std::string_view fallback) const;
  std::vector<double> numbers(std::string_view who, std::string_view name) const;
  /// The value of `name`, which has no default: throws Error where it is absent or its type
  /// another.
  int64_t integer(std::string_view who, std::string_view name) const;
  double number(std::string_view who, std::string_view name) const;
  std::string text(std::string_view who, std::string_view name) const;

  bool operator==(const Attributes&) const = default;

 private:
  std::map<std::string, Attribute> values_;
};

/// Bounds of an integer. Unless told otherwise, a graph and a scheme hold integers of at most 2^30,
/// so that the sum and the product of two of them fit.
struct IntegerRange {
  static constexpr int64_t max_integer = int64_t{1} << 30;
  int64_t min = -max_integer;
  int64_t max = max_integer;

  /// `value`. Throws Error `WHO: expected WHAT of at least MIN, found ...` outside of the bounds.
  int64_t check(std::string_view who, const std::string& what, int64_t value) const;
};

/// The text form of a value, as it is written in a scheme's parameters: `0.5`, `half`, `true`.
std::string to_string(const Attribute& value);
/// The value of a text: true or false, an integer, a number, otherwise the text itself.
Attribute parse_attribute(std::string_view text);

}  // namespace locus
