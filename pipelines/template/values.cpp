// What a template does to values.
#include <algorithm>
#include <cctype>
#include <string_view>
#include <unordered_set>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "pipelines/template/expressions.hpp"

namespace locus::pipelines::templates {
namespace {

constexpr size_t max_text_bytes = 1 << 24;  // bytes of a text

const std::string& text_of(const Value& value, const std::string& who) {
  if (!value.is_string()) throw Error("template", who + " of a text", "another value");
  return value.get_ref<const std::string&>();
}

enum class Sides { left, right, both };

/// What Python's str.isspace holds for.
constexpr char32_t white_space[] = {0x09,   0x0A,   0x0B,   0x0C,   0x0D,   0x1C,   0x1D,   0x1E,
                                    0x1F,   0x20,   0x85,   0xA0,   0x1680, 0x2000, 0x2001, 0x2002,
                                    0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A,
                                    0x2028, 0x2029, 0x202F, 0x205F, 0x3000};

/// The characters of a text, which may be long and may be looked for in a longer one.
std::unordered_set<char32_t> characters_of(std::string_view text) {
  std::unordered_set<char32_t> all;
  for (size_t at = 0; at < text.size();) {
    const auto [value, size] = utf8::code_point(text, at);
    all.insert(value);
    at += size;
  }
  return all;
}

Value stripped(std::string_view text, const std::unordered_set<char32_t>& gone, Sides sides) {
  while (sides != Sides::right && !text.empty()) {
    const auto [value, size] = utf8::code_point(text, 0);
    if (!gone.contains(value)) break;
    text.remove_prefix(size);
  }
  while (sides != Sides::left && !text.empty()) {
    const size_t last = utf8::previous(text, text.size());
    if (!gone.contains(utf8::code_point(text, last).value)) break;
    text = text.substr(0, last);
  }
  return std::string(text);
}

Value cased(std::string text, int (*change)(int)) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 128) c = static_cast<char>(change(c));
  }
  return text;
}

/// Those whose attribute is equal to a value, or true where none is given.
Value selected(const Value& items, const Value& given, bool wanted) {
  if (!items.is_array() || given.empty())
    throw Error("template", "selectattr of a list", "another");
  if (given.size() > 1 && given[1] != "eq" && given[1] != "equalto" && given[1] != "==") {
    throw Error("template", "selectattr with \"eq\"", given[1].dump());
  }
  Value found = Value::array();
  for (const Value& each : items) {
    const Value value = member(each, given[0]);
    const bool holds = given.size() > 2 ? value == given[2] : is_true(value);
    if (holds == wanted) found.push_back(each);
  }
  return found;
}

Value mapped(const Value& items, const Value& named) {
  if (!items.is_array() || !named.contains("attribute")) {
    throw Error("template", "map(attribute=...) of a list", "another map");
  }
  Value found = Value::array();
  for (const Value& each : items) found.push_back(member(each, named["attribute"]));
  return found;
}

Value end_of(const Value& value, bool last) {
  if (!value.is_array()) throw Error("template", "first or last of a list", "another value");
  if (value.empty()) return undefined();
  return last ? value.back() : value.front();
}

Value joined(const Value& items, const Value& given) {
  if (!items.is_array()) throw Error("template", "join of a list", "another value");
  const std::string between = given.empty() ? "" : text_of(given[0], "join");
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    text += (i == 0 ? "" : between) + printed(items[i]);
    if (text.size() > max_text_bytes) throw Error("template", "texts of at most 16 MiB", "more");
  }
  return text;
}

Value default_of(const Value& value, const Value& given) {
  if (given.empty()) throw Error("template", "default with a value", "none");
  const bool also_false = given.size() > 1 && is_true(given[1]);
  return is_undefined(value) || (also_false && !is_true(value)) ? given[0] : value;
}

int64_t length_of(const Value& value) {
  if (!value.is_string()) return static_cast<int64_t>(value.size());
  const auto& text = value.get_ref<const std::string&>();
  return std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });
}

constexpr std::string_view filters[] = {"selectattr", "rejectattr", "map",   "first",  "last",
                                        "list",       "default",    "trim",  "length", "join",
                                        "upper",      "lower",      "string"};
constexpr std::string_view methods[] = {"strip",    "lstrip", "rstrip", "startswith",
                                        "endswith", "upper",  "lower",  "get"};

}  // namespace

Value undefined() { return Value(Value::value_t::discarded); }
bool is_undefined(const Value& value) { return value.is_discarded(); }

bool is_true(const Value& value) {
  if (is_undefined(value) || value.is_null()) return false;
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  return value.is_string() ? !value.get_ref<const std::string&>().empty() : !value.empty();
}

std::string printed(const Value& value) {
  if (is_undefined(value)) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "None";
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (value.is_number_integer()) return value.dump();
  throw Error("template", "a text to print", "a list or an object");
}

Value joined_texts(const Value& left, const Value& right) {
  const std::string& first = text_of(left, "a sum");
  const std::string& second = text_of(right, "a sum");
  if (first.size() + second.size() > max_text_bytes) {
    throw Error("template", "texts of at most 16 MiB", "more");
  }
  return first + second;
}

Value member(const Value& owner, const Value& key) {
  if (is_undefined(owner)) throw Error("template", "a value with '" + key.dump() + "'", "none");
  if (owner.is_object() && key.is_string()) {
    const auto found = owner.find(key.get_ref<const std::string&>());
    return found == owner.end() ? undefined() : *found;
  }
  if (!owner.is_array() || !key.is_number_integer()) return undefined();
  const auto size = static_cast<int64_t>(owner.size());
  const int64_t index = key.get<int64_t>() + (key.get<int64_t>() < 0 ? size : 0);
  return index < 0 || index >= size ? undefined() : owner[static_cast<size_t>(index)];
}

bool knows_filter(const std::string& name) {
  return std::ranges::find(filters, name) != std::end(filters);
}
bool knows_method(const std::string& name) {
  return std::ranges::find(methods, name) != std::end(methods);
}

Value apply_filter(const std::string& name, const Value& value, const Value& given,
                   const Value& named) {
  if (name == "default") return default_of(value, given);
  if (name == "selectattr" || name == "rejectattr") {
    return selected(value, given, name == "selectattr");
  }
  if (name == "map") return mapped(value, named);
  if (name == "first" || name == "last") return end_of(value, name == "last");
  if (name == "list") return value;
  if (name == "length") return length_of(value);
  if (name == "join") return joined(value, given);
  if (name == "string") return printed(value);
  return call_method(name == "trim" ? "strip" : name, Value(printed(value)), given);
}

Value call_method(const std::string& name, const Value& owner, const Value& given) {
  if (name == "get") {
    const Value found = given.empty() ? undefined() : member(owner, given[0]);
    if (!is_undefined(found)) return found;
    return given.size() > 1 ? given[1] : Value(nullptr);
  }
  const std::string& text = text_of(owner, name);
  const std::string argument = given.empty() ? "" : text_of(given[0], name);
  if (name == "upper") return cased(text, std::toupper);
  if (name == "lower") return cased(text, std::tolower);
  if (name == "startswith") return text.starts_with(argument);
  if (name == "endswith") return text.ends_with(argument);
  const Sides sides = name == "lstrip"   ? Sides::left
                      : name == "rstrip" ? Sides::right
                                         : Sides::both;
  for (const std::string_view each : {std::string_view(text), std::string_view(argument)})
    utf8::require_utf8(each, "template");
  if (given.empty()) return stripped(text, {std::begin(white_space), std::end(white_space)}, sides);
  return stripped(text, characters_of(argument), sides);
}

}  // namespace locus::pipelines::templates
