#include "tools/cli/verbs/compare/seeds.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/provenance.hpp"
#include "tools/cli/verbs/compare/places.hpp"

namespace locus::cli {
namespace {

/// `causal-rope` of `causal-rope-seed2`; nothing of a name that does not end so.
std::string without_seed(const std::string& name) {
  const size_t at = name.rfind("-seed");
  if (at == std::string::npos) return "";
  const std::string_view number = std::string_view(name).substr(at + 5);
  const bool digits = !number.empty() && std::ranges::all_of(number, [](char letter) {
    return letter >= '0' && letter <= '9';
  });
  return digits ? name.substr(0, at) : "";
}

std::vector<std::string> hashes_of(const Json& texts) {
  std::vector<std::string> hashes;
  for (const Json& text : texts) hashes.push_back(text.at("sha256"));
  return hashes;
}

bool same_question(const ComparedModel& model, const Json& run) {
  return run.at("task") == name_of(model.task) && run.at("context") == model.context &&
         run.at("tokens") == model.summary.tokens && run.at("tokens_sha256") == model.tokenizer;
}

void add_runs(std::vector<ComparedModel>& models, const Json& file) {
  for (const Json& group : file.at("groups")) {
    for (const Json& run : group.at("models")) {
      for (ComparedModel& model : models) {
        if (without_seed(run.at("name")) != model.name || !same_question(model, run)) continue;
        model.seeds.push_back({run.at("name"), run.at("bits_per_byte"), run.at("perplexity")});
      }
    }
  }
  for (ComparedModel& model : models) std::ranges::sort(model.seeds, {}, &SeedRun::name);
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

bool may_be_luck(const ComparedModel& model, const ComparedGroup& group) {
  return group.luck && model.comparison &&
         std::abs(model.comparison->difference) < group.luck->min_difference;
}

}  // namespace locus::cli
