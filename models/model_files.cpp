#include "models/model_files.hpp"

#include "engine/error.hpp"
#include "engine/json_detail.hpp"
#include "engine/read_file.hpp"

namespace locus {
namespace {

namespace fs = std::filesystem;

constexpr const char* single_name = "model.safetensors";
constexpr const char* index_name = "model.safetensors.index.json";

/// The shards that an index names, which `open_safetensors` has checked.
void note_shards(const fs::path& index, ModelFiles& files) {
  const nlohmann::json json = detail::parse_json(index.string(), read_file(index));
  for (const auto& [name, shard] : json.at("weight_map").items()) {
    files[shard.get<std::string>()] = index.parent_path() / shard.get<std::string>();
  }
}

}  // namespace

Weights open_weights(const fs::path& folder, ModelFiles& files) {
  for (const char* name : {single_name, index_name}) {
    const fs::path file = folder / name;
    if (!fs::exists(file)) continue;
    files[name] = file;
    Weights weights = open_safetensors(file);
    if (name == index_name) note_shards(file, files);
    return weights;
  }
  throw Error(folder.string(), std::string("a file ") + single_name + " or " + index_name,
              "neither");
}

Config read_config(const fs::path& folder, ModelFiles& files) {
  files["config.json"] = folder / "config.json";
  return Config::read(folder / "config.json");
}

Config read_optional_config(const fs::path& folder, const std::string& name, ModelFiles& files) {
  if (!fs::exists(folder / name)) return Config::parse(name, "{}");
  files[name] = folder / name;
  return Config::read(folder / name);
}

LocusFile read_locus(const fs::path& file, ModelFiles& files) {
  LocusFile contents = open_locus(file);
  files[file.filename().string()] = file;
  if (contents.weights_file.empty()) return contents;
  const fs::path beside = file.parent_path() / contents.weights_file;
  files[contents.weights_file] = beside;
  if (beside.extension() == ".json") note_shards(beside, files);
  return contents;
}

fs::path locus_file_of(const fs::path& path) {
  if (fs::is_regular_file(path)) return path;
  if (!fs::is_directory(path)) {
    throw Error(path.string(), "a model's folder or a locus.json file", "nothing of that name");
  }
  if (fs::exists(path / "locus.json")) return path / "locus.json";
  if (fs::exists(path / "config.json")) return {};
  throw Error(path.string(), "a config.json or a locus.json", "neither");
}

}  // namespace locus
