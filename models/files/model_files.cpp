#include "models/files/model_files.hpp"

#include <fstream>

#include "base/error.hpp"
#include "base/json/values.hpp"
#include "models/checkpoint.hpp"
#include "models/families/family.hpp"
#include "models/files/stored_files.hpp"
#include "models/files/tensorflow_names.hpp"

namespace locus {
namespace {

namespace fs = std::filesystem;

constexpr const char* config_name = "config.json";
constexpr const char* original_name = "bert_config.json";

Config read_named_config(const fs::path& folder, const std::string& name,
                         files::ModelFiles& files) {
  files[name] = folder / name;
  return Config::read(folder / name);
}

Config named_config(const Config& config, const files::NamedClass& named) {
  nlohmann::json values = nlohmann::json::object();
  if (!named.model_type.empty()) values["model_type"] = named.model_type;
  if (!named.class_name.empty()) values["architectures"] = {named.class_name};
  return values.empty() ? config : config.with(values.dump());
}

}  // namespace

files::ModelFolder files::read_model_folder(const fs::path& folder, files::ModelFiles& files,
                                            const files::NamedClass& named) {
  const bool original = !fs::exists(folder / config_name) && fs::exists(folder / original_name);
  Config config = read_named_config(folder, original ? original_name : config_name, files);
  config = named_config(config, named);
  if (!original) families::find_family(config);
  files::StoredFiles stored = files::open_stored_files(folder, files);
  if (original) config = files::complete_original_config(config, stored.weights);
  if (stored.by_variables)
    stored.weights = files::name_tensorflow_variables(config, stored.weights);
  return {std::move(config), std::move(stored.weights), std::move(stored.format)};
}

Checkpoint read_checkpoint(const fs::path& folder) {
  files::ModelFiles files;
  files::ModelFolder contents = files::read_model_folder(folder, files);
  return {contents.config.to_json(), std::move(contents.weights)};
}

Config files::read_optional_config(const fs::path& folder, const std::string& name,
                                   files::ModelFiles& files) {
  if (!fs::exists(folder / name)) return Config::parse(name, "{}");
  return read_named_config(folder, name, files);
}

LocusFile files::read_locus(const fs::path& file, files::ModelFiles& files,
                            std::span<const Scheme> own) {
  LocusFile contents = open_locus(file, own);
  files[file.filename().string()] = file;
  if (contents.weights_file.empty()) return contents;
  const fs::path beside = file.parent_path() / contents.weights_file;
  files[contents.weights_file] = beside;
  if (beside.extension() == ".json") files::note_shards(beside, files);
  return contents;
}

bool files::has_config(const fs::path& folder) {
  std::error_code failure;
  return fs::exists(folder / config_name, failure) || fs::exists(folder / original_name, failure);
}

namespace {

/// What a file that is no locus.json is, in words.
std::string kind_of_file(const fs::path& file) {
  std::string begin(4, '\0');
  std::ifstream(file, std::ios::binary).read(begin.data(), 4);
  if (begin == "GGUF") return "a GGUF file (llama.cpp's; the folder it was made from is read)";
  return "another file (a checkpoint of llama2.c is for 'locus convert')";
}

/// Whether a folder holds such files alone, as their publishers lay them out.
bool holds_gguf(const fs::path& folder) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    if (entry.path().extension() == ".gguf") return true;
  }
  return false;
}

/// What a folder holds in the place of a model, in words.
const char* kind_of_folder(const fs::path& folder) {
  if (holds_gguf(folder)) return "GGUF files (llama.cpp's) alone";
  std::error_code failure;
  return fs::exists(folder / files::adapter_name, failure)
             ? "a PEFT adapter alone (its base model with it merged in is read)"
             : "neither";
}

}  // namespace

void files::refuse_adapter(const fs::path& folder) {
  if (!fs::exists(folder / adapter_name)) return;
  throw Error((folder / adapter_name).string(),
              "an adapter merged into the model's weights (--leave-surplus goes without)",
              "one beside them");
}

void files::refuse_folder(const fs::path& folder) {
  std::error_code failure;
  const bool known = fs::exists(folder / config_name, failure);
  if (!known && failure)
    throw Error(folder.string(), "a folder that can be read", failure.message());
  throw Error(folder.string(), "a config.json or a locus.json", kind_of_folder(folder));
}

fs::path files::locus_file_of(const fs::path& path) {
  if (fs::is_regular_file(path)) {
    if (path.extension() == ".json") return path;
    throw Error(path.string(), "a model's folder or a locus.json file", kind_of_file(path));
  }
  if (!fs::is_directory(path)) {
    throw Error(path.string(), "a model's folder or a locus.json file", "nothing of that name");
  }
  std::error_code failure;
  if (fs::exists(path / "locus.json", failure)) return path / "locus.json";
  if (files::has_config(path)) return {};
  files::refuse_folder(path);
}

}  // namespace locus
