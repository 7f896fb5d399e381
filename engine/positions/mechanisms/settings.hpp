// A scheme's parameters as its factory reads them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "engine/attributes.hpp"

namespace locus::positions {

/// Parameters that are complete and of the right type (`make_encoding` sees to that), read under
/// the scheme's name with a check of their range. Every failure is an Error that names both.
class Settings {
 public:
  Settings(std::string who, const Attributes& values) : who_(std::move(who)), values_(values) {}

  const std::string& who() const { return who_; }
  /// An integer within its bounds: every scheme reads its integers here.
  int64_t integer(std::string_view name, IntegerRange range = {}) const;
  double number(std::string_view name) const { return values_.number(who_, name); }
  bool boolean(std::string_view name) const { return values_.boolean(who_, name, false); }
  std::vector<double> numbers(std::string_view name) const { return values_.numbers(who_, name); }
  std::string text(std::string_view name) const { return values_.text(who_, name); }

  int64_t at_least(int64_t min, std::string_view name) const { return integer(name, {.min = min}); }
  /// A number above zero.
  double positive(std::string_view name) const;
  /// A factor: a number, `sqrt` for sqrt(width) or `rsqrt` for 1/sqrt(width).
  double factor(std::string_view name, int64_t width) const;

  template <typename T>
  using Choices = std::initializer_list<std::pair<std::string_view, T>>;
  /// The value that the parameter's text stands for.
  template <typename T>
  T choose(std::string_view name, Choices<T> choices) const {
    const std::string chosen = text(name);
    std::string known;
    for (const auto& [word, value] : choices) {
      if (word == chosen) return value;
      known += (known.empty() ? "" : ", ") + std::string(word);
    }
    fail(std::string(name) + " to be one of " + known, "'" + chosen + "'");
  }

  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    throw Error(who_, expected, found);
  }

 private:
  std::string who_;
  const Attributes& values_;
};

}  // namespace locus::positions
