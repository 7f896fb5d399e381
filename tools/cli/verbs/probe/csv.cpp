// The probes' figures, a record a line.
#include <numeric>

#include "tools/cli/output/csv.hpp"
#include "tools/cli/verbs/probe/probe.hpp"

namespace locus::cli {
namespace {

constexpr const char* probe_heading =
    "record,probe,model,encoding,task,distance,length,depth,trials,mean,low,high,margin,against,"
    "difference,difference_low,difference_high,p,holm_p,verdict\n";

/// Cells in the order of the heading; what is not set stays empty.
struct ProbeRecord {
  std::string record, probe, model, encoding, task, distance, length, depth, trials, mean, low,
      high, margin, against, difference, difference_low, difference_high, p, holm_p, verdict;

  std::string line() const {
    return csv_line({record,
                     probe,
                     csv_text(model),
                     csv_text(encoding),
                     task,
                     distance,
                     length,
                     depth,
                     trials,
                     mean,
                     low,
                     high,
                     margin,
                     csv_text(against),
                     difference,
                     difference_low,
                     difference_high,
                     p,
                     holm_p,
                     csv_text(verdict)});
  }
};

ProbeRecord record_of_probe(const char* kind, const char* probe, const ProbedModel& model) {
  ProbeRecord record;
  record.record = kind;
  record.probe = probe;
  record.model = model.name;
  record.encoding = model.encoding;
  record.task = name_of(model.task);
  return record;
}

std::string figure_line(const char* probe, const ProbedModel& model,
                        const std::optional<ProbeFigure>& figure, const ProbedModel& first) {
  if (!figure) return "";
  ProbeRecord record = record_of_probe("model", probe, model);
  record.trials = std::to_string(figure->units.size());
  record.mean = csv_number(figure->mean);
  record.low = csv_number(figure->interval.low);
  record.high = csv_number(figure->interval.high);
  if (const auto& comparison = figure->comparison) {
    record.against = first.name;
    record.difference = csv_number(comparison->difference);
    record.difference_low = csv_number(comparison->interval.low);
    record.difference_high = csv_number(comparison->interval.high);
    record.p = csv_number(comparison->p);
    record.holm_p = csv_number(comparison->adjusted_p);
    record.verdict = to_string(comparison->verdict);
  }
  return record.line();
}

std::string mean_cell(const std::vector<double>& values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return csv_number(sum / static_cast<double>(values.size()));
}

std::string distance_lines(const ProbedModel& model) {
  std::string lines;
  for (const RecallPoint& point : model.recall_points) {
    ProbeRecord record = record_of_probe("distance", "recall", model);
    record.distance = std::to_string(point.distance);
    record.trials = std::to_string(point.gains.size());
    record.mean = mean_cell(gain_by_position(point));
    lines += record.line();
  }
  return lines;
}

std::string cell_lines(const ProbedModel& model) {
  std::string lines;
  for (const PasskeyCell& cell : model.passkey_cells) {
    ProbeRecord record = record_of_probe("cell", "passkey", model);
    record.length = std::to_string(cell.length);
    record.depth = csv_number(cell.depth);
    record.trials = std::to_string(cell.found.size());
    record.mean = mean_cell(cell.found);
    record.margin = mean_cell(cell.margin);
    lines += record.line();
  }
  return lines;
}

}  // namespace

std::string probes_csv(const std::vector<ProbedModel>& models) {
  std::string csv = probe_heading;
  for (const ProbedModel& model : models) {
    csv += figure_line("recall", model, model.recall, models.front()) + distance_lines(model);
    csv += figure_line("passkey", model, model.passkey, models.front()) + cell_lines(model);
    csv += figure_line("order", model, model.order, models.front());
  }
  return csv;
}

}  // namespace locus::cli
