#include <cmath>

#include "engine/options.hpp"
#include "evaluation/sweep.hpp"
#include "tools/cli/output/provenance.hpp"
#include "tools/cli/report/words.hpp"
#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {
namespace {

Json interval_json(const Interval& interval) {
  return {finite_or_null(interval.low), finite_or_null(interval.high)};
}

Json comparison_of(const ComparedModel& model) {
  if (!model.comparison) return {};
  const Comparison& comparison = *model.comparison;
  return {{"difference", comparison.difference},
          {"ci95", interval_json(comparison.interval)},
          {"p", comparison.p},
          {"holm_p", comparison.adjusted_p},
          {"units", comparison.units},
          {"verdict", to_string(comparison.verdict)}};
}

Json points_of(const std::vector<LengthPoint>& points) {
  Json list = Json::array();
  for (const LengthPoint& point : points) {
    list.push_back({{"length", point.length},
                    {"tokens", point.tokens},
                    {"nll", point.nll},
                    {"perplexity", std::exp(point.nll)},
                    {"ci95", interval_json(point.interval)},
                    {"top1", point.top1},
                    {"top5", point.top5},
                    {"entropy", point.entropy}});
  }
  return list;
}

Json curves_of(const ComparedModel& model) {
  Json positions = Json::array();
  for (const CurvePoint& point : model.by_position) {
    positions.push_back({{"context", point.context}, {"tokens", point.tokens}, {"nll", point.nll}});
  }
  return {{"loss_by_position", positions},
          {"loss_by_length", points_of(model.by_length)},
          {"loss_disjoint", points_of(model.disjoint)}};
}

Json units_of(const ComparedModel& model) {
  Json bits = Json::array(), bytes = Json::array();
  for (const Unit& unit : model.units) {
    bits.push_back(unit.sum);
    bytes.push_back(unit.weight);
  }
  return {{"bits", std::move(bits)}, {"bytes", std::move(bytes)}};
}

Json seeds_of(const ComparedModel& model) {
  Json runs = Json::array();
  for (const SeedRun& run : model.seeds) {
    runs.push_back(
        {{"name", run.name}, {"bits_per_byte", run.bits_per_byte}, {"perplexity", run.perplexity}});
  }
  return runs;
}

Json luck_json(const SeedSpread& luck) {
  return {{"deviation", luck.deviation},
          {"degrees_of_freedom", luck.freedom},
          {"least_difference", luck.min_difference}};
}

Json model_json(const ComparedModel& model) {
  Json json{{"name", model.name},
            {"family", model.family},
            {"encoding", model.encoding},
            {"task", name_of(model.task)},
            {"parameters", model.parameters},
            {"encoding_parameters", model.encoding_parameters},
            {"trained_context", model.trained_context},
            {"max_length", or_null(model.max_length)},
            {"context", model.context},
            {"tokens", model.summary.tokens},
            {"bytes", model.summary.extent.bytes},
            {"words", model.summary.extent.words},
            {"nll", model.summary.nll},
            {"perplexity", finite_or_null(model.summary.perplexity)},
            {"bits_per_byte", or_null(model.summary.bits_per_byte)},
            {"bits_per_byte_ci95", interval_json(model.bits_per_byte)},
            {"top1", model.summary.top1},
            {"top5", model.summary.top5},
            {"entropy", model.summary.entropy},
            {"lossy_share", model.lossy_share},
            {"unit", model.unit},
            {"units", units_of(model)},
            {"comparison", comparison_of(model)},
            {"tokens_sha256", model.tokenizer},
            {"files", model.files}};
  if (model.untrained) json["untrained"] = true;
  if (!model.seeds.empty()) json["seeds"] = seeds_of(model);
  json.update(curves_of(model));
  return json;
}

Json settings_json(const CompareResult& result, const CompareOptions& options) {
  const SweepSettings sweep = sweep_of(result.lengths, true);
  return {{"version", LOCUS_VERSION},
          {"precision", options.common.precision},
          {"encoding", options.common.encoding},
          {"instruction_set", instruction_set()},
          {"seed", options.seed},
          {"windows", "sliding, stride half the context; by position: disjoint; tail scored"},
          {"sample", options.full ? Json("all") : Json(options.sample)},
          {"lengths", result.lengths},
          {"sweep", {{"block", sweep.block}, {"blocks_of_a_text", sweep.blocks}}},
          {"interval", "bootstrap of documents, 10000 resamples, expanded percentile, 95 %"},
          {"test", "sign-flip permutation, Holm over a group"},
          {"margin_bits_per_byte", margin_in_bits},
          {"text", hashes_json(result.documents)}};
}

Json ladder_json(const CompareResult& result) {
  Json ladder = Json::array();
  for (const auto& [model, group] : ladder_of(result.groups)) {
    ladder.push_back({{"model", model->name},
                      {"metric", group->metric},
                      {"bits_per_byte", or_null(model->summary.bits_per_byte)},
                      {"ci95", interval_json(model->bits_per_byte)},
                      {"answers", words_of("en").question_of(model->task)}});
  }
  return {{"valid", "comparisons of rungs of one metric"}, {"rungs", std::move(ladder)}};
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char letter : text) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  return quoted + "\"";
}

}  // namespace

Json comparison_json(const CompareResult& result, const CompareOptions& options) {
  Json groups = Json::array();
  for (const ComparedGroup& group : result.groups) {
    Json models = Json::array();
    for (const ComparedModel& model : group.models) models.push_back(model_json(model));
    groups.push_back(
        {{"metric", group.metric}, {"baseline", group.baseline}, {"models", std::move(models)}});
    if (group.luck) groups.back()["seeds"] = luck_json(*group.luck);
  }
  return {{"groups", std::move(groups)},
          {"ladder", ladder_json(result)},
          {"settings", settings_json(result, options)}};
}

std::string comparison_csv(const CompareResult& result) {
  std::string csv =
      "metric,model,family,encoding,parameters,tokens,bytes,nll,perplexity,bits_per_byte,"
      "bits_per_byte_low,bits_per_byte_high,top1,top5,entropy,baseline,difference,low,high,holm_p,"
      "verdict\n";
  for (const ComparedGroup& group : result.groups) {
    for (const ComparedModel& model : group.models) {
      const Summary& s = model.summary;
      std::string line;
      for (const std::string& text : {group.metric, model.name, model.family, model.encoding}) {
        line += csv_cell(text) + ",";
      }
      line += std::to_string(model.parameters) + "," + std::to_string(s.tokens) + "," +
              std::to_string(s.extent.bytes);
      for (double value :
           {s.nll, s.perplexity, s.bits_per_byte.value_or(NAN), model.bits_per_byte.low,
            model.bits_per_byte.high, s.top1, s.top5, s.entropy}) {
        line += "," + significant(value, 9);
      }
      line += "," + csv_cell(group.baseline);
      if (const auto& c = model.comparison) {
        for (double value : {c->difference, c->interval.low, c->interval.high, c->adjusted_p}) {
          line += "," + significant(value, 9);
        }
        line += "," + to_string(c->verdict);
      } else {
        line += ",,,,,";
      }
      csv += line + "\n";
    }
  }
  return csv;
}

}  // namespace locus::cli
