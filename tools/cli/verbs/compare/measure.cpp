#include <algorithm>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "pipelines/model_names.hpp"
#include "pipelines/provenance.hpp"
#include "tools/cli/input/json_input.hpp"
#include "tools/cli/output/staging.hpp"
#include "tools/cli/terminal/observed_run.hpp"
#include "tools/cli/verbs/compare/json.hpp"

namespace locus::cli {
namespace {

namespace fs = std::filesystem;

/// Everything that a model's figures depend on.
Json key_of(const Model& model, const CompareOptions& options, const CompareResult& setting) {
  Json settings = settings_json(setting, options);
  settings.erase("margin_bits_per_byte");
  const auto training = find_training(model.folder());
  return {{"files", hashes_of(model)},
          {"training", training ? sha256(training->json) : ""},
          {"settings", std::move(settings)}};
}

fs::path place_of(const std::string& name, const Json& key, const CompareOptions& options) {
  const std::string label = model_names({name}).front();
  return fs::path(options.results) / (label + "-" + sha256(key.dump()).substr(0, 12) + ".json");
}

std::string hash_of(const Json& models) { return sha256(models.dump()); }

/// What was measured before under the same conditions; nothing where it was not, or where the file
/// is no longer what was written. Throws Error for what no results could be written to.
std::vector<ComparedModel> known(const fs::path& file, const Json& key) {
  if (!fs::exists(file)) return {};
  if (!fs::is_regular_file(file)) {
    throw Error(file.string(), "a file with results", "a folder, a pipe or a device");
  }
  try {
    const Json stored = read_json(file.string());
    std::vector<ComparedModel> models;
    if (stored.at("key") != key || stored.at("sha256") != hash_of(stored.at("models"))) return {};
    for (const Json& model : stored.at("models")) models.push_back(measured_model(model));
    return models;
  } catch (const std::exception&) {
    return {};
  }
}

void keep(const fs::path& file, const Json& key, const std::vector<ComparedModel>& models) {
  Json list = Json::array();
  for (const ComparedModel& model : models) list.push_back(measured_json(model));
  fs::create_directories(file.parent_path());
  const std::string hash = hash_of(list);
  write_file(file,
             Json{{"key", key}, {"models", std::move(list)}, {"sha256", hash}}.dump(1) + "\n");
}

MeasureSettings settings_of(const CompareOptions& options, const CompareResult& setting) {
  MeasureSettings settings{setting.lengths, session_options(options.common).threads};
  settings.floors = setting.floors;
  settings.context = options.context;
  settings.stride = options.stride;
  settings.convention = parse_convention(options.convention);
  settings.sample = options.full ? 0 : options.sample;
  settings.seed = options.seed;
  return settings;
}

}  // namespace

std::vector<ComparedModel> measure_model(const std::string& name, const CompareOptions& options,
                                         const CompareResult& setting, const Step& step) {
  CommonOptions common = options.common;
  common.model = name;
  const auto model =
      open_model(common, std::max(setting.lengths.back(), options.context.value_or(0)));
  const Json key = options.results.empty() ? Json() : key_of(*model, options, setting);
  const fs::path file = options.results.empty() ? fs::path() : place_of(name, key, options);
  if (auto models = known(file, key); !models.empty()) return models;
  MeasureSettings settings = settings_of(options, setting);
  settings.observe = [&](Session& session, const std::string& what) {
    return observe_run(session, what, step);
  };
  auto models = locus::measure_model(*model, name, setting.documents, settings);
  if (!options.results.empty()) keep(file, key, models);
  return models;
}

}  // namespace locus::cli
