// JSON files by the reader of base, and typed access to them with errors that name the key.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/json/json.hpp"

namespace locus::tokenization {

using Json = nlohmann::json;

/// Throws `Error` when the file cannot be read or holds no JSON object of at most 64 levels.
Json read_json(const std::filesystem::path& path, Watch& watch);
/// An empty object where there is no such file, else as `read_json`.
Json read_json_if_present(const std::filesystem::path& path, Watch& watch);

/// "an object", "a string", ...: what a value is, for messages.
std::string describe(const Json& value);

/// A key of an object, or `fallback` where it is absent or null. Throws `Error` on another type.
std::string string_or(const Json& object, std::string_view key, std::string_view fallback);
bool bool_or(const Json& object, std::string_view key, bool fallback);
int64_t integer_or(const Json& object, std::string_view key, int64_t fallback);

/// Whether it can be an id of a vocabulary: 0 to 2^31 - 1.
bool is_id(const Json& value);
/// Such an id. Throws `Error` that begins with `who` on anything else.
int32_t checked_id(const Json& value, std::string_view who);

/// A key that must be there.
std::string string_at(const Json& object, std::string_view key);
const Json& array_at(const Json& object, std::string_view key);
const Json& object_at(const Json& object, std::string_view key);

/// The key's value, or null where it is absent.
const Json& value_or_null(const Json& object, std::string_view key);

}  // namespace locus::tokenization
