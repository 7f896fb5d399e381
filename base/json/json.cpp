#include "base/json/json.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "base/error.hpp"

namespace locus::detail {
namespace {

using nlohmann::json;

std::string shown(const json& value) {
  constexpr size_t max_shown = 60;
  if (value.is_object()) return "an object";
  if (value.is_array() && value.size() > 8) return "a list of " + std::to_string(value.size());
  auto text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > max_shown) text = text.substr(0, max_shown) + "...";
  return text;
}

/// How a list or an object is laid out: what stands between items, and how an item is written that
/// begins in column `used`.
struct Layout {
  std::string separator;
  std::function<std::string(const nlohmann::ordered_json&, size_t used)> write;
  size_t indent;
};

std::string listed(const nlohmann::ordered_json& value, const Layout& layout) {
  std::string text;
  for (const auto& [key, item] : value.items()) {
    if (!text.empty()) text += "," + layout.separator;
    const auto label = value.is_object() ? nlohmann::ordered_json(key).dump() + ": " : "";
    text += label + layout.write(item, layout.indent + label.size());
  }
  return text;
}

std::string bracketed(const nlohmann::ordered_json& value, const std::string& inner) {
  return value.is_object() ? "{" + inner + "}" : "[" + inner + "]";
}

std::string on_one_line(const nlohmann::ordered_json& value, size_t) {
  if (!value.is_structured()) return value.dump();
  return bracketed(value, listed(value, {" ", on_one_line, 0}));
}

std::string written(const nlohmann::ordered_json& value, size_t indent, size_t used) {
  constexpr size_t width = 99;  // a comma may follow
  auto line = on_one_line(value, used);
  if (!value.is_structured() || value.empty() || used + line.size() <= width) return line;
  const std::string outer = "\n" + std::string(indent, ' '), inner = outer + "  ";
  const auto write = [=](const nlohmann::ordered_json& item, size_t column) {
    return written(item, indent + 2, column);
  };
  return bracketed(value, inner + listed(value, {inner, write, indent + 2}) + outer);
}

}  // namespace

std::string write_json(const nlohmann::ordered_json& value, size_t indent) {
  try {
    return written(value, indent, indent);
  } catch (const json::exception&) {
    throw Error("write JSON", "text in UTF-8", "other bytes");
  }
}

void JsonPlace::refuse(std::string_view expected) const {
  throw Error(where_, expected, shown(*value_));
}

void JsonPlace::expect_keys(std::initializer_list<std::string_view> keys) const {
  std::string known;
  for (const auto key : keys) known += (known.empty() ? "" : ", ") + std::string(key);
  for (const auto& [key, place] : members()) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    throw Error(where_, "no keys but " + known, "'" + key + "'");
  }
}

std::string JsonPlace::text() const {
  if (!value_->is_string()) refuse("a text");
  return value_->get<std::string>();
}

int64_t JsonPlace::integer() const {
  const bool huge = value_->is_number_unsigned() &&
                    value_->get<uint64_t>() > uint64_t{std::numeric_limits<int64_t>::max()};
  if (!value_->is_number_integer()) refuse("an integer");
  if (huge) refuse("an integer below 2^63");
  return value_->get<int64_t>();
}

std::vector<int64_t> JsonPlace::integers() const {
  std::vector<int64_t> values;
  for (const auto& item : items()) values.push_back(item.integer());
  return values;
}

bool JsonPlace::boolean() const {
  if (!value_->is_boolean()) refuse("true or false");
  return value_->get<bool>();
}

std::vector<JsonPlace> JsonPlace::items() const {
  if (!value_->is_array()) refuse("a list");
  std::vector<JsonPlace> places;
  for (size_t index = 0; index < value_->size(); ++index) {
    places.emplace_back((*value_)[index], where_ + "[" + std::to_string(index) + "]");
  }
  return places;
}

std::vector<std::pair<std::string, JsonPlace>> JsonPlace::members() const {
  if (!value_->is_object()) refuse("an object");
  std::vector<std::pair<std::string, JsonPlace>> places;
  for (const auto& [key, item] : value_->items()) {
    places.emplace_back(key, JsonPlace(item, where_ + "." + key));
  }
  return places;
}

JsonPlace JsonPlace::at(std::string_view key) const {
  if (auto place = find(key)) return *place;
  throw Error(where_, "a key '" + std::string(key) + "'", "none");
}

std::optional<JsonPlace> JsonPlace::find(std::string_view key) const {
  if (!value_->is_object()) refuse("an object");
  const auto found = value_->find(std::string(key));
  if (found == value_->end()) return std::nullopt;
  return JsonPlace(*found, where_ + "." + std::string(key));
}

bool JsonPlace::flag(std::string_view key, bool fallback) const {
  const auto place = find(key);
  return place && !place->value().is_null() ? place->boolean() : fallback;
}

}  // namespace locus::detail
