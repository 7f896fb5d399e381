#include "tools/cli/verbs/compare/seeds.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json/reason.hpp"
#include "tools/cli/input/json_input.hpp"
#include "tools/cli/output/provenance.hpp"
#include "tools/cli/verbs/compare/json.hpp"
#include "tools/cli/verbs/compare/places.hpp"

namespace locus::cli {
namespace {

std::vector<std::string> hashes_of(const Json& texts) {
  std::vector<std::string> hashes;
  for (const Json& text : texts) hashes.push_back(text.at("sha256"));
  return hashes;
}

bool same_question(const ComparedModel& model, const Json& other) {
  return other.at("task") == name_of(model.task) && other.at("context") == model.context &&
         other.at("tokens") == model.summary.tokens && other.at("tokens_sha256") == model.tokenizer;
}

void add_runs_of(ComparedModel& model, const Json& other) {
  const Json block = other.value("training", Json());
  if (!model.training || block.is_null() || !same_question(model, other)) return;
  if (!one_configuration(*model.training, parse_training("training", block.dump()))) return;
  for (const Json& run : other.at("runs")) {
    SeedRun more = seed_run(run);
    if (std::ranges::find(model.runs, more.seed, &SeedRun::seed) != model.runs.end()) continue;
    add_run(model, std::move(more));
  }
  std::ranges::stable_sort(model.runs, {}, &SeedRun::seed);
  average_runs(model);
}

/// Whether the file's figures are of the same windows and the same masked tokens.
bool same_windows(const Json& settings, const CompareOptions& options) {
  const Json sample = options.full ? Json("all") : Json(options.sample);
  return settings.at("convention") == options.convention &&
         settings.at("stride") == or_null(options.stride) && settings.at("sample") == sample &&
         settings.at("seed") == options.seed;
}

void add_runs(std::vector<ComparedModel>& models, const Json& file) {
  for (const Json& group : file.at("groups")) {
    for (const Json& other : group.at("models")) {
      for (ComparedModel& model : models) add_runs_of(model, other);
    }
  }
}

}  // namespace

void add_seeds(std::vector<ComparedModel>& models, const CompareOptions& options,
               const CompareResult& setting) {
  const auto shipped = options.seeds.empty() ? shipped_seeds() : std::nullopt;
  if (options.seeds.empty() && !shipped) return;
  const std::string name = shipped ? shipped->string() : options.seeds;
  try {
    const Json file = read_json(name);
    const Json& settings = file.at("settings");
    const bool text = hashes_of(settings.at("text")) == hashes_of(hashes_json(setting.documents));
    const bool windows = same_windows(settings, options);
    if (text && windows) return add_runs(models, file);
    if (shipped) return;
    if (!text) throw Error(name, "figures of this text", "those of another");
    throw Error(name, "figures of the same windows, sample and --seed", "those of others");
  } catch (const Json::exception& error) {
    throw Error(name, "what locus compare --out wrote", detail::reason_of(error));
  }
}

}  // namespace locus::cli
