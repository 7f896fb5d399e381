#include "engine/options.hpp"
#include "evaluation/sweep.hpp"
#include "tools/cli/output/provenance.hpp"
#include "tools/cli/report/notes.hpp"
#include "tools/cli/verbs/compare/json.hpp"

namespace locus::cli {
namespace {

constexpr std::array obstacles{"none", "not trained", "other text", "training known of one"};

Json comparison_of(const Comparison& comparison, Scope scope, const ComparedGroup& group) {
  const bool min = comparison.min_p > 0 && comparison.p <= comparison.min_p;
  return {{"of", to_string(scope)},
          {"difference", comparison.difference},
          {"ci95", interval_json(comparison.interval)},
          {"p", comparison.p},
          {"p_is_upper_bound", min},
          {"holm_p", comparison.adjusted_p},
          {"units", comparison.units},
          {"margin", group.margin},
          {"verdict", to_string(comparison.verdict)}};
}

/// Every test of the family that verdicts and letters are of.
Json pairs_json(const ComparedGroup& group) {
  Json pairs = Json::array();
  for (const ComparedPair& pair : group.pairs) {
    Json json{{"model", pair.model}, {"other", pair.other}};
    json.update(comparison_of(pair.comparison, pair.scope, group));
    pairs.push_back(std::move(json));
  }
  return pairs;
}

Json runs_json(const ComparedModel& model) {
  Json runs = Json::array();
  for (const SeedRun& run : model.runs) runs.push_back(run_json(run));
  return runs;
}

Json repeats_json(const ComparedModel& model) {
  Json repeats = Json::array();
  for (const auto& [name, of] : model.repeats) repeats.push_back({{"name", name}, {"of", of}});
  return repeats;
}

Json model_json(const ComparedModel& model, const ComparedGroup& group) {
  Json json = measured_json(model);
  json.erase("pictures");
  json["runs"] = runs_json(model);
  json["repeated_runs"] = repeats_json(model);
  json["comparison"] =
      model.comparison ? comparison_of(*model.comparison, model.scope, group) : Json();
  if (!model.comparison && model.name != group.baseline) {
    json["no_verdict"] = obstacles[static_cast<size_t>(model.obstacle)];
  }
  json["letters"] = model.letters;
  return json;
}

Json luck_json(const SeedSpread& luck) {
  return {{"deviation", luck.deviation},
          {"degrees_of_freedom", luck.freedom},
          {"min_difference", luck.min_difference}};
}

Json recipes_json(const ComparedGroup& group) {
  const RecipeReport report = recipes_of(group);
  Json differences = Json::object();
  for (const RecipeDifference& difference : report.differences) {
    Json values = Json::object();
    for (const auto& [value, models] : difference.models) values[value] = models;
    differences[difference.field] = std::move(values);
  }
  const bool alike = report.differences.empty() && report.unknown.empty();
  return {{"trained_alike", alike},
          {"differences", std::move(differences)},
          {"unknown", report.unknown}};
}

Json group_json(const ComparedGroup& group) {
  Json models = Json::array();
  for (const ComparedModel& model : group.models) models.push_back(model_json(model, group));
  Json json{{"metric", group.metric},
            {"baseline", group.baseline.empty() ? Json() : Json(group.baseline)},
            {"margin_bits_per_byte", group.margin},
            {"recipes", recipes_json(group)},
            {"tokenizers_differ", tokenizers_differ(group)},
            {"finding", finding_of(group, english_words())},
            {"notes", notes_of(group, english_words())},
            {"models", std::move(models)},
            {"pairs", pairs_json(group)},
            {"permutations", group.permutations}};
  if (group.luck) json["seeds"] = luck_json(*group.luck);
  return json;
}

}  // namespace

Json settings_json(const CompareResult& result, const CompareOptions& options) {
  const SweepSettings sweep = sweep_of(result.lengths, true);
  return {{"version", LOCUS_VERSION},
          {"precision", options.common.precision},
          {"encoding", options.common.encoding},
          {"instruction_set", instruction_set()},
          {"seed", options.seed},
          {"convention", options.convention},
          {"context", or_null(options.context)},
          {"stride", or_null(options.stride)},
          {"windows", "by position: disjoint; tail scored"},
          {"sample", options.full ? Json("all") : Json(options.sample)},
          {"lengths", result.lengths},
          {"sweep", {{"block", sweep.block}, {"blocks_of_a_text", sweep.blocks}}},
          {"interval",
           "bootstrap of documents, and of seeds where both sides have several; 10000 "
           "resamples, expanded percentile, 95 %"},
          {"test",
           "sign flips of documents, exact up to 36; over documents and seeds Student's t; "
           "Holm over all pairs of a group"},
          {"margin_bits_per_byte", options.margin},
          {"floors", result.floors ? Json{{"corpus", result.floors->corpus_sha256()},
                                          {"vocabulary", result.floors->vocabulary_sha256()}}
                                   : Json()},
          {"min_lead_over_floor_bits_per_byte", min_lead},
          {"text", hashes_json(result.documents)}};
}

Json comparison_json(const CompareResult& result, const CompareOptions& options) {
  Json groups = Json::array(), failures = Json::array();
  for (const ComparedGroup& group : result.groups) groups.push_back(group_json(group));
  for (const auto& [name, error] : result.failures) {
    failures.push_back({{"name", name}, {"error", error}});
  }
  return {{"groups", std::move(groups)},
          {"failed", std::move(failures)},
          {"settings", settings_json(result, options)}};
}

}  // namespace locus::cli
