#include "tokenizer/json/json.hpp"

#include <limits>

#include "base/error.hpp"
#include "base/read_file.hpp"

namespace locus::tokenization {
namespace {

[[noreturn]] void fail(std::string_view key, std::string_view expected, const Json& found) {
  throw Error(key, expected, describe(found));
}

std::string with_type(const Json& object, std::string_view key) {
  const auto type = object.is_object() ? object.find("type") : object.end();
  const bool named = object.is_object() && type != object.end() && type->is_string();
  return (named ? type->get<std::string>() + "." : std::string()) + std::string(key);
}

}  // namespace

Json read_json(const std::filesystem::path& path, Watch& watch) {
  Json json = detail::parse_json(path.string(), read_file(path, watch), watch);
  if (!json.is_object()) throw Error(path.string(), "a JSON object", describe(json));
  return json;
}

Json read_json_if_present(const std::filesystem::path& path, Watch& watch) {
  return std::filesystem::exists(path) ? read_json(path, watch) : Json::object();
}

std::string describe(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "an array of " + std::to_string(value.size());
    case Json::value_t::string: {
      const auto& text = value.get_ref<const std::string&>();
      return "'" + (text.size() > 60 ? text.substr(0, 60) + "..." : text) + "'";
    }
    default:
      return value.dump();
  }
}

const Json& value_or_null(const Json& object, std::string_view key) {
  static const Json null;
  if (!object.is_object()) return null;
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}

std::string string_or(const Json& object, std::string_view key, std::string_view fallback) {
  const Json& value = value_or_null(object, key);
  if (value.is_null()) return std::string(fallback);
  if (!value.is_string()) fail(with_type(object, key), "a string", value);
  return value.get<std::string>();
}

bool bool_or(const Json& object, std::string_view key, bool fallback) {
  const Json& value = value_or_null(object, key);
  if (value.is_null()) return fallback;
  if (!value.is_boolean()) fail(with_type(object, key), "true or false", value);
  return value.get<bool>();
}

int64_t integer_or(const Json& object, std::string_view key, int64_t fallback) {
  const Json& value = value_or_null(object, key);
  if (value.is_null()) return fallback;
  if (!value.is_number_integer()) fail(with_type(object, key), "an integer", value);
  return value.get<int64_t>();
}

bool is_id(const Json& value) {
  constexpr int64_t max = std::numeric_limits<int32_t>::max();
  return value.is_number_integer() && value.get<int64_t>() >= 0 && value.get<int64_t>() <= max;
}

int32_t checked_id(const Json& value, std::string_view who) {
  if (is_id(value)) return value.get<int32_t>();
  throw Error(who, "an id", describe(value));
}

std::string string_at(const Json& object, std::string_view key) {
  const Json& value = value_or_null(object, key);
  if (!value.is_string()) fail(with_type(object, key), "a string", value);
  return value.get<std::string>();
}

const Json& array_at(const Json& object, std::string_view key) {
  const Json& value = value_or_null(object, key);
  if (!value.is_array()) fail(with_type(object, key), "an array", value);
  return value;
}

const Json& object_at(const Json& object, std::string_view key) {
  const Json& value = value_or_null(object, key);
  if (!value.is_object()) fail(with_type(object, key), "an object", value);
  return value;
}

}  // namespace locus::tokenization
