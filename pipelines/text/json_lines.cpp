#include "pipelines/text/json_lines.hpp"

#include <sstream>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/json/json.hpp"

namespace locus::pipelines {
namespace {

using nlohmann::json;

bool is_object(const std::string& line) { return line.starts_with('{') && json::accept(line); }

/// The object of a line; null for any other line, and beyond what is read.
json object_of(const std::string& line) try {
  return is_object(line) ? detail::parse_json("line", line) : json();
} catch (const Error&) {
  return {};
}

/// The first lines that are not blank.
std::vector<std::string> first_lines(const std::string& content, size_t count) {
  std::istringstream stream(content);
  std::vector<std::string> lines;
  for (std::string line; lines.size() < count && std::getline(stream, line);) {
    if (line.find_first_not_of(" \t\r") != line.npos) lines.push_back(line);
  }
  return lines;
}

std::string keys_of(const std::string& content) {
  const auto lines = first_lines(content, 1);
  const json object = lines.empty() ? json() : object_of(lines.front());
  constexpr size_t max_size = 100;  // bytes of a key, and of those before it
  std::string keys;
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string() || key.size() > max_size || keys.size() > max_size) continue;
    keys += (keys.empty() ? "" : ", ") + key;
  }
  return keys.empty() ? "" : " (its first line has " + keys + ")";
}

}  // namespace

bool holds_json_lines(const std::filesystem::path& file, const std::string& content,
                      const std::string& field) {
  const std::string name = file.filename().string();
  if (!field.empty() || name.ends_with(".jsonl") || name.ends_with(".jsonl.gz")) return true;
  const auto lines = first_lines(content, 2);
  if (lines.size() < 2 || !is_object(lines[0]) || !is_object(lines[1])) return false;
  throw Error(file.string(), "text, or --field with the key of it" + keys_of(content),
              "JSON lines");
}

void require_field(const std::string& file, const std::string& content, const std::string& field) {
  if (!field.empty()) return;
  throw Error(file, "--field with the key of the text" + keys_of(content), "none");
}

std::optional<Document> json_line(const std::string& file, int64_t number, const std::string& line,
                                  const std::string& field) {
  if (line.find_first_not_of(" \t\r") == line.npos) return std::nullopt;
  const std::string who = file + ", line " + std::to_string(number);
  json object = detail::parse_json(who, line);
  const auto found = object.is_object() ? object.find(field) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_string()) {
    throw Error(who, "an object with a text '" + field + "'", "none" + keys_of(line));
  }
  return Document{file + "#" + std::to_string(number), std::move(found->get_ref<std::string&>())};
}

}  // namespace locus::pipelines
