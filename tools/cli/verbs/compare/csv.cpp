#include <cmath>

#include "tools/cli/output/csv.hpp"
#include "tools/cli/report/notes.hpp"
#include "tools/cli/verbs/compare/json.hpp"

namespace locus::cli {
namespace {

constexpr const char* heading =
    "record,metric,model,run,family,encoding,seed,parameters,length,tokens,bytes,nll,perplexity,"
    "bits_per_byte,low,high,top1,top5,entropy,status,baseline,of,difference,difference_low,"
    "difference_high,p,p_is_upper_bound,holm_p,margin,verdict,letters,convention,stride,units,"
    "unit\n";

/// A line whose cells are named in the order of the heading; what is not set stays empty.
struct Record {
  std::string record, metric, model, run, family, encoding, seed, parameters, length, tokens, bytes,
      nll, perplexity, bits_per_byte, low, high, top1, top5, entropy, status, baseline, of,
      difference, difference_low, difference_high, p, p_is_upper_bound, holm_p, margin, verdict,
      letters, convention, stride, units, unit;

  std::string line() const {
    std::string text;
    for (const std::string* cell : {&record,
                                    &metric,
                                    &model,
                                    &run,
                                    &family,
                                    &encoding,
                                    &seed,
                                    &parameters,
                                    &length,
                                    &tokens,
                                    &bytes,
                                    &nll,
                                    &perplexity,
                                    &bits_per_byte,
                                    &low,
                                    &high,
                                    &top1,
                                    &top5,
                                    &entropy,
                                    &status,
                                    &baseline,
                                    &of,
                                    &difference,
                                    &difference_low,
                                    &difference_high,
                                    &p,
                                    &p_is_upper_bound,
                                    &holm_p,
                                    &margin,
                                    &verdict,
                                    &letters,
                                    &convention,
                                    &stride,
                                    &units,
                                    &unit}) {
      text += (cell == &record ? "" : ",") + csv_text(*cell);
    }
    return text + "\n";
  }
};

Record record_of(const char* kind, const ComparedModel& model, const ComparedGroup& group) {
  Record record;
  record.record = kind;
  record.metric = group.metric;
  record.model = model.name;
  record.family = model.family;
  record.encoding = model.encoding;
  return record;
}

void add_comparison(Record& record, const ComparedModel& model, const ComparedGroup& group) {
  record.baseline = group.baseline;
  record.margin = csv_number(group.margin);
  if (!model.comparison) return;
  const Comparison& comparison = *model.comparison;
  record.of = to_string(model.scope);
  record.difference = csv_number(comparison.difference);
  record.difference_low = csv_number(comparison.interval.low);
  record.difference_high = csv_number(comparison.interval.high);
  record.p = csv_number(comparison.p);
  record.p_is_upper_bound =
      comparison.min_p > 0 && comparison.p <= comparison.min_p ? "true" : "false";
  record.holm_p = csv_number(comparison.adjusted_p);
  record.verdict = to_string(comparison.verdict);
}

std::string model_line(const ComparedModel& model, const ComparedGroup& group) {
  const Summary& summary = model.summary;
  Record record = record_of("model", model, group);
  record.seed = std::to_string(model.runs.size()) + (model.runs.size() == 1 ? " run" : " runs");
  record.parameters = std::to_string(model.parameters);
  record.length = std::to_string(model.context);
  record.tokens = std::to_string(summary.tokens);
  record.bytes = std::to_string(summary.extent.bytes);
  record.nll = csv_number(summary.nll);
  record.perplexity = csv_number(model.summary.perplexity);
  record.bits_per_byte = csv_number(bits_of(model));
  record.low = csv_number(model.bits_interval.low);
  record.high = csv_number(model.bits_interval.high);
  record.top1 = csv_number(summary.top1);
  record.top5 = csv_number(summary.top5);
  record.entropy = csv_number(summary.entropy);
  record.status = to_string(model.standing);
  record.letters = model.letters;
  if (model.task == ScoringTask::causal) record.convention = name_of(model.convention);
  if (model.stride > 0) record.stride = std::to_string(model.stride);
  record.units = std::to_string(model.units.size());
  record.unit = model.unit;
  add_comparison(record, model, group);
  return record.line();
}

std::string run_line(const SeedRun& run, const ComparedModel& model, const ComparedGroup& group) {
  Record record = record_of("run", model, group);
  record.run = run.name;
  if (run.seed) record.seed = std::to_string(*run.seed);
  record.perplexity = csv_number(run.perplexity);
  record.bits_per_byte = csv_number(run.bits_per_byte);
  record.top1 = csv_number(run.top1);
  record.top5 = csv_number(run.top5);
  record.entropy = csv_number(run.entropy);
  record.status = to_string(run.standing);
  return record.line();
}

std::string floor_line(const ModelFloor& floor, const ComparedModel& model,
                       const ComparedGroup& group) {
  Record record = record_of("floor", model, group);
  record.run = floor_name(floor.kind);
  record.perplexity = csv_number(std::exp(floor.nll));
  record.bits_per_byte = csv_number(floor.bits_per_byte);
  record.difference = csv_number(floor.lead);
  record.difference_low = csv_number(floor.lead_interval.low);
  record.difference_high = csv_number(floor.lead_interval.high);
  return record.line();
}

/// `nll` of a point is its sum, as in all records.
Record point_record(Record record, int64_t length, int64_t tokens, double mean) {
  record.length = std::to_string(length);
  record.tokens = std::to_string(tokens);
  record.nll = csv_number(mean * static_cast<double>(tokens));
  record.perplexity = csv_number(std::exp(mean));
  return record;
}

std::string curve_lines(const ComparedModel& model, const ComparedGroup& group) {
  std::string csv;
  const auto add = [&](const char* kind, const std::vector<LengthPoint>& points) {
    for (const LengthPoint& point : points) {
      Record record =
          point_record(record_of(kind, model, group), point.length, point.tokens, point.nll);
      record.low = csv_number(std::exp(point.interval.low));
      record.high = csv_number(std::exp(point.interval.high));
      record.top1 = csv_number(point.top1);
      record.top5 = csv_number(point.top5);
      record.entropy = csv_number(point.entropy);
      csv += record.line();
    }
  };
  add("by_length", model.by_length);
  add("disjoint", model.disjoint);
  for (const CurvePoint& point : model.by_position) {
    csv +=
        point_record(record_of("by_position", model, group), point.context, point.tokens, point.nll)
            .line();
  }
  for (const TrainingPoint& point : model.training_curve) {
    Record record = record_of("training", model, group);
    record.length = std::to_string(point.context);
    record.tokens = std::to_string(point.tokens);
    record.perplexity = csv_number(std::exp(point.validation));
    csv += record.line();
  }
  return csv;
}

}  // namespace

std::string comparison_csv(const CompareResult& result) {
  std::string csv = heading;
  for (const ComparedGroup& group : result.groups) {
    for (const ComparedModel& model : group.models) {
      csv += model_line(model, group);
      for (const SeedRun& run : model.runs) csv += run_line(run, model, group);
      for (const ModelFloor& floor : model.floors) csv += floor_line(floor, model, group);
      csv += curve_lines(model, group);
    }
  }
  for (const auto& [name, error] : result.failures) {
    Record record;
    record.record = "failed";
    record.model = name;
    record.status = error;
    csv += record.line();
  }
  return csv;
}

}  // namespace locus::cli
