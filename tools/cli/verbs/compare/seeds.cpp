#include "tools/cli/verbs/compare/seeds.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tools/cli/input/text_input.hpp"
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
    const auto seed = std::optional(run.at("seed").get<int64_t>());
    if (std::ranges::find(model.runs, seed, &SeedRun::seed) != model.runs.end()) continue;
    model.runs.push_back({run.at("name"), seed, run.at("bits_per_byte"), run.at("perplexity"),
                          units_of(run.at("units"))});
  }
  std::ranges::stable_sort(model.runs, {}, &SeedRun::seed);
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
    const Json file = Json::parse(read_given(name));
    const auto texts = hashes_of(file.at("settings").at("text"));
    if (texts == hashes_of(hashes_json(setting.documents))) return add_runs(models, file);
    if (!shipped) throw Error(name, "figures of this text", "those of another");
  } catch (const Json::exception& error) {
    throw Error(name, "what locus compare --out wrote", error.what());
  }
}

}  // namespace locus::cli
