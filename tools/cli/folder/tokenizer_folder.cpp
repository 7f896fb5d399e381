#include "tools/cli/folder/tokenizer_folder.hpp"

#include <nlohmann/json.hpp>

#include "tools/cli/input/text_input.hpp"

namespace locus::cli {
namespace fs = std::filesystem;

fs::path tokenizer_folder(const fs::path& model) {
  const auto file = fs::is_directory(model) ? model / "locus.json" : model;
  fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (!fs::exists(file)) return folder;
  const auto document = nlohmann::json::parse(read_file(file), nullptr, false);
  if (!document.is_object() || !document.contains("tokenizer")) return folder;
  const auto& name = document["tokenizer"];
  const auto named = folder / (name.is_string() ? name.get<std::string>() : "");
  return fs::is_directory(named) ? named : folder;
}

}  // namespace locus::cli
