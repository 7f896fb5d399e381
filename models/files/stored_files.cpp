#include "models/files/stored_files.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/json/json.hpp"
#include "base/read_file.hpp"
#include "engine/weights.hpp"

namespace locus::files {
namespace {

namespace fs = std::filesystem;

std::string plain_safetensors(const fs::path&) { return "safetensors"; }

std::string torch_format(const fs::path& file) {
  return "PyTorch (" + std::string(torch_form(file)) + ")";
}

/// A kind of weights: one file of a fixed name, or its index of shards.
struct WeightKind {
  const char* file;
  Weights (*open)(const fs::path& file);
  std::string (*format)(const fs::path& file);
};

constexpr std::array weight_kinds{
    WeightKind{"model.safetensors", open_safetensors, plain_safetensors},
    WeightKind{"model.safetensors.index.json", open_safetensors, plain_safetensors},
    WeightKind{"pytorch_model.bin", open_torch, torch_format},
    WeightKind{"pytorch_model.bin.index.json", open_torch, torch_format},
};

StoredFiles open_kind(const WeightKind& kind, const fs::path& file, ModelFiles& files) {
  files[kind.file] = file;
  StoredFiles stored;
  stored.weights = kind.open(file);
  if (file.extension() != ".json") {
    stored.format = kind.format(file);
    return stored;
  }
  ModelFiles shards;
  note_shards(file, shards);
  files.insert(shards.begin(), shards.end());
  const std::string count = shards.empty() ? "no" : std::to_string(shards.size());
  stored.format = shards.empty() ? "none" : kind.format(shards.begin()->second);
  stored.format += ", " + count + " shards";
  return stored;
}

/// The files of a TensorFlow checkpoint: `PREFIX.index`, `PREFIX.data-00000-of-00001`.
std::vector<fs::path> checkpoint_indices(const fs::path& folder) {
  std::vector<fs::path> indices;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".index") indices.push_back(entry.path());
  }
  std::ranges::sort(indices);
  return indices;
}

bool has_shards(const fs::path& folder) {
  return std::ranges::any_of(fs::directory_iterator(folder), [](const auto& entry) {
    return entry.path().stem().string().find("-of-") != std::string::npos;
  });
}

StoredFiles open_checkpoint(const fs::path& index, ModelFiles& files) {
  StoredFiles stored{open_tensorflow(index), "TensorFlow checkpoint", true};
  files[index.filename().string()] = index;
  const std::string data = index.stem().string() + ".data-";
  for (const auto& entry : fs::directory_iterator(index.parent_path())) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(data)) files[name] = entry.path();
  }
  return stored;
}

}  // namespace

void note_shards(const fs::path& index, ModelFiles& files) {
  const nlohmann::json json = detail::parse_json(index.string(), read_file(index));
  for (const auto& [name, shard] : json.at("weight_map").items()) {
    files[shard.get<std::string>()] = index.parent_path() / shard.get<std::string>();
  }
}

StoredFiles open_stored_files(const fs::path& folder, ModelFiles& files) {
  std::string known;
  for (const WeightKind& kind : weight_kinds) {
    known += std::string(kind.file) + ", ";
    if (fs::exists(folder / kind.file)) return open_kind(kind, folder / kind.file, files);
  }
  const std::vector<fs::path> indices = checkpoint_indices(folder);
  if (indices.size() == 1) return open_checkpoint(indices.front(), files);
  if (indices.empty()) {
    throw Error(folder.string(), "a file " + known + "or a TensorFlow checkpoint's .index",
                has_shards(folder) ? "shards without the index that names them" : "none");
  }
  throw Error(folder.string(), "one TensorFlow checkpoint",
              std::to_string(indices.size()) + ", as " + indices[0].filename().string() + " and " +
                  indices[1].filename().string());
}

}  // namespace locus::files
