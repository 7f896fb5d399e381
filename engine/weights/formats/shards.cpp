#include "engine/weights/formats/shards.hpp"

#include <map>
#include <set>

#include "base/error.hpp"
#include "base/file_name.hpp"
#include "base/json/json.hpp"
#include "base/read_file.hpp"
#include "engine/weights/byte_reader.hpp"

namespace locus::weights {
namespace {

constexpr detail::JsonLimits index_limits{.depth = 8, .values = 4'000'000};

/// File names by tensor.
std::map<std::string, std::string> read_map(const std::string& who, std::string_view json) {
  const auto document = detail::parse_json(who, json, index_limits);
  const detail::JsonPlace root(document, who);
  root.expect_keys({"metadata", "weight_map"});
  std::map<std::string, std::string> shards;
  for (const auto& [name, place] : root.at("weight_map").members()) {
    expect_tensor_name(who, name);
    shards[name] = place.text();
    expect_file_name(place.where(), shards[name]);
  }
  return shards;
}

}  // namespace

bool is_shard_index(const std::filesystem::path& file) {
  return file.filename().string().ends_with(".index.json");
}

Weights open_shards(const std::filesystem::path& index,
                    Weights (*open)(const std::filesystem::path&)) {
  const auto shards = read_map(index.string(), read_file(index));
  std::set<std::string> names;
  for (const auto& [tensor, shard] : shards) names.insert(shard);
  Weights weights;
  std::map<std::string, Weights> opened;
  for (const auto& name : names) {
    Weights& shard = opened[name] = open(index.parent_path() / name);
    // A second copy of what the index gives to another file is stale.
    for (const std::string& tensor : shard.names()) {
      const auto place = shards.find(tensor);
      if (place != shards.end() && place->second != name) shard.erase(tensor);
    }
    weights.merge(shard);
  }
  for (const auto& [tensor, shard] : shards) {
    if (opened[shard].contains(tensor)) continue;
    throw Error(index.string(), "'" + tensor + "' in " + shard, "no such tensor there");
  }
  return weights;
}

}  // namespace locus::weights
