// Strict JSON with places. It shows nlohmann's types and so is the one private room of this library
// that the other libraries may enter.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/values.hpp"
#include "base/watch.hpp"

namespace locus::detail {

/// What a text may hold, so that a small file cannot ask for much memory.
struct JsonLimits {
  int depth = 64;
  size_t values = 1u << 30;
  size_t keys = 1u << 30;  ///< of one object
};

/// Parses JSON; throws Error for anything that is not JSON, a byte-order mark before it included,
/// for a key that appears twice in an object, and beyond the limits.
nlohmann::json parse_json(std::string_view who, std::string_view text,
                          const JsonLimits& limits = {});
/// `parse_json` that `watch` may end.
nlohmann::json parse_json(std::string_view who, std::string_view text, Watch& watch,
                          const JsonLimits& limits = {});

/// Text with two spaces for each level and `indent` more; what fits a line stays on one.
std::string write_json(const nlohmann::ordered_json& value, size_t indent = 0);

/// A value of a document and where it stands there, so that every complaint says where.
class JsonPlace {
 public:
  JsonPlace(const nlohmann::json& value, std::string where)
      : value_(&value), where_(std::move(where)) {}

  const nlohmann::json& value() const { return *value_; }
  const std::string& where() const { return where_; }

  /// Throws Error `WHERE: expected EXPECTED, found <the value>`.
  [[noreturn]] void refuse(std::string_view expected) const;
  /// Throws Error unless this is an object whose keys are all among `keys`.
  void expect_keys(std::initializer_list<std::string_view> keys) const;

  std::string text() const;
  int64_t integer() const;
  std::vector<int64_t> integers() const;
  bool boolean() const;
  std::vector<JsonPlace> items() const;                            ///< of an array
  std::vector<std::pair<std::string, JsonPlace>> members() const;  ///< of an object
  JsonPlace at(std::string_view key) const;                        ///< throws Error when absent
  std::optional<JsonPlace> find(std::string_view key) const;
  /// A boolean of an object, or `fallback` where the key is absent or null.
  bool flag(std::string_view key, bool fallback) const;

 private:
  const nlohmann::json* value_;
  std::string where_;
};

}  // namespace locus::detail
