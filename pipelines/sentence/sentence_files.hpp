// The files of a sentence-transformers folder, whatever they are called.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include "base/json/json.hpp"

namespace locus::pipelines {

/// A JSON file and where it lies.
struct JsonFile {
  nlohmann::json json;
  std::string where;
  detail::JsonPlace place() const { return {json, where}; }
};

JsonFile read_json_file(const std::filesystem::path& file);
/// Nothing where there is no such file.
std::optional<JsonFile> find_json_file(const std::filesystem::path& file);

/// What the Transformer's own file is called, the usual name first.
constexpr std::array transformer_configs{
    "sentence_bert_config.json",       "sentence_roberta_config.json",
    "sentence_distilbert_config.json", "sentence_camembert_config.json",
    "sentence_albert_config.json",     "sentence_xlm-roberta_config.json",
    "sentence_xlnet_config.json"};
/// The first of them that a Transformer's folder holds.
std::optional<JsonFile> find_transformer_config(const std::filesystem::path& transformer);

}  // namespace locus::pipelines
