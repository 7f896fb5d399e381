#include "pipelines/training.hpp"

#include <set>

#include "base/error.hpp"
#include "base/json/json.hpp"
#include "base/read_file.hpp"

namespace locus {
namespace {

using nlohmann::json;

// A long name before many values would be written out for each of them.
constexpr size_t max_path = 1024, max_fields = 10000;

/// Every leaf of what `recipe` holds by its path after `prefix`.
void flatten(const detail::JsonPlace& recipe, const json& value, const std::string& prefix,
             std::map<std::string, std::string>& into) {
  for (const auto& [key, child] : value.items()) {
    const std::string path = prefix + key;
    if (path.size() > max_path || into.size() == max_fields) {
      recipe.refuse("at most 10,000 fields, with paths of at most 1,024 bytes");
    }
    if (child.is_structured() && !child.empty()) {
      flatten(recipe, child, path + ".", into);
    } else {
      into[path] = child.dump();
    }
  }
}

double number_at(const detail::JsonPlace& place, std::string_view key) {
  const auto found = place.at(key);
  if (!found.value().is_number()) found.refuse("a number");
  return found.value();
}

TrainingPoint point_of(const detail::JsonPlace& place) {
  TrainingPoint point{place.at("tokens").integer(), place.at("context").integer(),
                      number_at(place, "validation")};
  if (place.find("validation_short")) point.validation_short = number_at(place, "validation_short");
  return point;
}

/// What is compared field by field: the recipe, and how much of it has been done.
std::map<std::string, std::string> fields_of(const Training& training) {
  auto fields = training.recipe;
  fields["tokens_seen"] = std::to_string(training.tokens_seen);
  return fields;
}

}  // namespace

std::string Training::vocabulary() const {
  const auto found = recipe.find("vocabulary");
  return found == recipe.end() ? "" : json::parse(found->second).get<std::string>();
}

Training parse_training(std::string_view who, std::string_view text) {
  const json block = detail::parse_json(who, text, {.keys = max_fields});
  const detail::JsonPlace place(block, std::string(who));
  if (const auto format = place.at("format"); format.value() != 1) format.refuse("1");
  Training training;
  training.kind = place.at("kind").text();
  training.encoding = place.at("encoding").text();
  const auto recipe = place.at("recipe");
  if (!recipe.value().is_object()) recipe.refuse("an object");
  if (const auto vocabulary = recipe.find("vocabulary")) vocabulary->text();
  flatten(recipe, recipe.value(), "", training.recipe);
  if (const auto scale = place.find("position_scale"))
    training.position_scale = scale->value().dump();
  training.seed = place.at("seed").integer();
  training.tokens_seen = place.at("tokens_seen").integer();
  if (const auto curve = place.find("curve")) {
    for (const auto& point : curve->items()) training.curve.push_back(point_of(point));
  }
  training.json = block.dump();
  return training;
}

std::optional<Training> find_training(const std::filesystem::path& folder) {
  const auto file = folder / "training.json";
  if (!std::filesystem::exists(file)) return std::nullopt;
  return parse_training(file.string(), read_file(file));
}

bool trained_alike(const Training& a, const Training& b) {
  return a.kind == b.kind && fields_of(a) == fields_of(b);
}

bool one_configuration(const Training& a, const Training& b) {
  return trained_alike(a, b) && a.encoding == b.encoding && a.position_scale == b.position_scale;
}

std::vector<RecipeDifference> recipe_differences(const std::vector<NamedTraining>& models) {
  std::set<std::string> paths;
  for (const auto& [name, training] : models) {
    if (!training) continue;
    for (const auto& [path, value] : fields_of(*training)) paths.insert(path);
  }
  std::vector<RecipeDifference> differences;
  for (const std::string& path : paths) {
    RecipeDifference difference{path, {}};
    for (const auto& [name, training] : models) {
      if (!training) continue;
      const auto fields = fields_of(*training);
      const auto found = fields.find(path);
      difference.models[found == fields.end() ? "absent" : found->second].push_back(name);
    }
    if (difference.models.size() > 1) differences.push_back(std::move(difference));
  }
  return differences;
}

}  // namespace locus
