#include "pipelines/folder/sentence_files.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.hpp"
#include "base/read_file.hpp"

namespace locus::pipelines {
namespace {

namespace fs = std::filesystem;

nlohmann::json read_json(const fs::path& file) {
  auto document = nlohmann::json::parse(read_file(file), nullptr, false);
  if (document.is_discarded()) throw Error(file.string(), "JSON", "something else");
  return document;
}

Pooling pooling_of(const fs::path& file, const nlohmann::json& config) {
  static constexpr std::array known{std::pair{"pooling_mode_cls_token", Pooling::cls},
                                    std::pair{"pooling_mode_mean_tokens", Pooling::mean},
                                    std::pair{"pooling_mode_max_tokens", Pooling::max}};
  std::string chosen;
  std::optional<Pooling> pooling;
  for (const auto& [key, value] : config.items()) {
    if (!key.starts_with("pooling_mode_") || value != true) continue;
    chosen += (chosen.empty() ? "" : ", ") + key;
    for (const auto& [name, mode] : known) {
      if (key == name && !pooling) pooling = mode;
    }
  }
  if (pooling && chosen.find(',') == chosen.npos) return *pooling;
  throw Error(file.string(), "one pooling of cls_token, mean_tokens and max_tokens",
              chosen.empty() ? "none" : chosen);
}

void read_module(const fs::path& folder, const nlohmann::json& module, SentenceSettings& settings) {
  const auto type = module.value("type", "");
  const auto path = module.value("path", "");
  const auto kind = type.substr(type.find_last_of('.') + 1);
  if (kind == "Pooling") {
    const auto file = folder / path / "config.json";
    settings.pooling = pooling_of(file, read_json(file));
  } else if (kind == "Normalize") {
    settings.normalize = true;
  } else if (kind != "Transformer") {
    throw Error((folder / "modules.json").string(), "Transformer, Pooling and Normalize", type);
  }
}

void read_length(const fs::path& file, SentenceSettings& settings) {
  if (!fs::exists(file)) return;
  const auto config = read_json(file);
  if (config.contains("max_seq_length") && config["max_seq_length"].is_number_integer()) {
    settings.max_length = config["max_seq_length"].get<int64_t>();
    if (*settings.max_length < 1) throw Error(file.string(), "max_seq_length above 0", "less");
  }
  settings.lower_case = config.value("do_lower_case", false);
}

}  // namespace

SentenceSettings read_sentence_files(const fs::path& folder) {
  SentenceSettings settings;
  const auto modules = folder / "modules.json";
  settings.found = fs::exists(modules);
  try {
    if (settings.found) {
      for (const auto& module : read_json(modules)) read_module(folder, module, settings);
    }
    read_length(folder / "sentence_bert_config.json", settings);
  } catch (const nlohmann::json::exception& error) {
    throw Error(folder.string(), "sentence-transformers files", error.what());
  }
  return settings;
}

}  // namespace locus::pipelines
