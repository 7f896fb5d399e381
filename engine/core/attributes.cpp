#include "engine/attributes.hpp"

#include <charconv>
#include <cmath>

#include "base/decimal.hpp"
#include "base/error.hpp"

namespace locus {
namespace {

[[noreturn]] void missing(std::string_view who, std::string_view name) {
  throw Error(who, "an attribute '" + std::string(name) + "'", "none");
}

[[noreturn]] void mistyped(std::string_view who, std::string_view name, std::string_view type,
                           const Attribute& value) {
  throw Error(who, "'" + std::string(name) + "' to be " + std::string(type),
              "'" + to_string(value) + "'");
}

std::string number_text(double value) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, result.ptr};
}

struct TextOf {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return number_text(value); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(const std::vector<double>& values) const {
    std::string text;
    for (double value : values) text += (text.empty() ? "" : "/") + number_text(value);
    return text;
  }
};

}  // namespace

std::string to_string(const Attribute& value) { return std::visit(TextOf{}, value); }

Attribute parse_attribute(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  const char* end = text.data() + text.size();
  int64_t integer = 0;
  if (auto result = std::from_chars(text.data(), end, integer);
      result.ec == std::errc() && result.ptr == end) {
    return integer;
  }
  if (const auto number = decimal_of(text)) return *number;
  return std::string(text);
}

int64_t Attributes::integer(std::string_view who, std::string_view name) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end()) missing(who, name);
  if (const auto* value = std::get_if<int64_t>(&found->second)) return *value;
  mistyped(who, name, "an integer", found->second);
}

double Attributes::number(std::string_view who, std::string_view name) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end()) missing(who, name);
  if (const auto* value = std::get_if<double>(&found->second)) return *value;
  if (const auto* value = std::get_if<int64_t>(&found->second)) return static_cast<double>(*value);
  mistyped(who, name, "a number", found->second);
}

std::string Attributes::text(std::string_view who, std::string_view name) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end()) missing(who, name);
  if (const auto* value = std::get_if<std::string>(&found->second)) return *value;
  mistyped(who, name, "a text", found->second);
}

int64_t Attributes::integer(std::string_view who, std::string_view name, int64_t fallback) const {
  return contains(name) ? integer(who, name) : fallback;
}

double Attributes::number(std::string_view who, std::string_view name, double fallback) const {
  return contains(name) ? number(who, name) : fallback;
}

std::string Attributes::text(std::string_view who, std::string_view name,
                             std::string_view fallback) const {
  return contains(name) ? text(who, name) : std::string(fallback);
}

bool Attributes::boolean(std::string_view who, std::string_view name, bool fallback) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end()) return fallback;
  if (const auto* value = std::get_if<bool>(&found->second)) return *value;
  mistyped(who, name, "true or false", found->second);
}

std::vector<double> Attributes::numbers(std::string_view who, std::string_view name) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end()) return {};
  if (const auto* value = std::get_if<Numbers>(&found->second)) return *value;
  if (std::holds_alternative<double>(found->second) ||
      std::holds_alternative<int64_t>(found->second)) {
    return {number(who, name)};
  }
  mistyped(who, name, "a list of numbers", found->second);
}

int64_t IntegerRange::check(std::string_view who, const std::string& what, int64_t value) const {
  if (value < min) {
    throw Error(who, what + " of at least " + std::to_string(min), std::to_string(value));
  }
  if (value > max) {
    throw Error(who, what + " of " + std::to_string(min) + " to " + std::to_string(max),
                std::to_string(value));
  }
  return value;
}

}  // namespace locus
