// nlohmann's values, which are destroyed without memory. Include this in the place of
// <nlohmann/json.hpp>: a program has one way to destroy a value.
#pragma once

#include <nlohmann/json.hpp>

NLOHMANN_JSON_NAMESPACE_BEGIN

// The library's own way is no recursion, for which it asks for memory, and a destructor that gets
// none ends the process. Here no value is deeper than `JsonLimits::depth`: recursion is safe.
template <>
inline void json::json_value::destroy(value_t type) {
  if (type == value_t::object) delete object;
  if (type == value_t::array) delete array;
  if (type == value_t::string) delete string;
  if (type == value_t::binary) delete binary;
}

template <>
inline void ordered_json::json_value::destroy(value_t type) {
  if (type == value_t::object) delete object;
  if (type == value_t::array) delete array;
  if (type == value_t::string) delete string;
  if (type == value_t::binary) delete binary;
}

NLOHMANN_JSON_NAMESPACE_END
