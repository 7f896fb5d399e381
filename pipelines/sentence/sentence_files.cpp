#include "pipelines/sentence/sentence_files.hpp"

#include "base/read_file.hpp"

namespace locus::pipelines {

JsonFile read_json_file(const std::filesystem::path& file) {
  return {detail::parse_json(file.string(), read_file(file)), file.string()};
}

std::optional<JsonFile> find_json_file(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return std::nullopt;
  return read_json_file(file);
}

std::optional<JsonFile> find_transformer_config(const std::filesystem::path& transformer) {
  for (const char* name : transformer_configs) {
    if (auto document = find_json_file(transformer / name)) return document;
  }
  return std::nullopt;
}

}  // namespace locus::pipelines
