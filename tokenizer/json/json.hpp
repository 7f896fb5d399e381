// JSON files and typed access to them, with errors that name file and key.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace locus::tokenization {

using Json = nlohmann::json;

/// Throws `Error` when the file cannot be read.
std::string read_file(const std::filesystem::path& path);
/// Throws `Error` when the file cannot be read or holds no JSON object.
Json read_json(const std::filesystem::path& path);
/// The same, or an empty object where there is no such file.
Json read_json_if_present(const std::filesystem::path& path);

/// "an object", "a string", ...: what a value is, for messages.
std::string describe(const Json& value);

/// A key of an object, or `otherwise` where it is absent or null. Throws `Error` on another type.
std::string string_or(const Json& object, std::string_view key, std::string_view otherwise);
bool bool_or(const Json& object, std::string_view key, bool otherwise);
int64_t integer_or(const Json& object, std::string_view key, int64_t otherwise);

/// A key that must be there.
std::string string_at(const Json& object, std::string_view key);
const Json& array_at(const Json& object, std::string_view key);
const Json& object_at(const Json& object, std::string_view key);

/// The key's value, or null where it is absent.
const Json& value_or_null(const Json& object, std::string_view key);

}  // namespace locus::tokenization
