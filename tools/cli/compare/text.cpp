#include <cmath>

#include "tools/cli/compare/comparison.hpp"
#include "tools/cli/support/table.hpp"

namespace locus::cli {
namespace {

std::string interval_text(const Interval& interval, int digits) {
  return fixed(interval.low, digits) + " to " + fixed(interval.high, digits);
}

std::string verdict_text(const ComparedModel& model, const ComparedGroup& group) {
  if (model.name == group.baseline) return group.models.size() > 1 ? "baseline" : "";
  if (!model.comparison) return "not comparable";
  const double difference = model.comparison->difference;
  return to_string(model.comparison->verdict) + " (" + (difference < 0 ? "" : "+") +
         fixed(difference, 3) + ")";
}

std::string group_table(const ComparedGroup& group) {
  Table table({left("model"), left("encoding"), right(group.metric), right("bits per byte"),
               right("95 %"), left("against " + group.baseline)});
  for (const ComparedModel& model : group.models) {
    table.add({model.name, shortened(model.encoding, 12), fixed(model.summary.perplexity, 2),
               fixed(model.summary.bits_per_byte.value_or(NAN), 3),
               interval_text(model.bits_per_byte, 3), verdict_text(model, group)});
  }
  return table.text(terminal_width());
}

std::string length_table(const ComparedGroup& group, const std::vector<int64_t>& lengths) {
  std::vector<Table::Column> columns{left("perplexity with a context of")};
  for (int64_t length : lengths) columns.push_back(right(std::to_string(length)));
  Table table(columns);
  bool any = false;
  for (const ComparedModel& model : group.models) {
    std::vector<std::string> cells{model.name};
    for (int64_t length : lengths) {
      std::string cell = "-";
      for (const LengthPoint& point : model.by_length) {
        if (point.length == length) cell = fixed(std::exp(point.nll), 1);
      }
      any = any || cell != "-";
      cells.push_back(cell);
    }
    table.add(cells);
  }
  return any ? "\n" + table.text(terminal_width()) : "";
}

}  // namespace

std::string comparison_text(const CompareResult& result) {
  std::string text = std::to_string(result.documents.size()) + " documents, " +
                     grouped(result.bytes) + " bytes. Intervals: bootstrap of documents.\n";
  for (const ComparedGroup& group : result.groups) {
    text += "\n" + group_table(group);
    if (!group.models.empty() && group.models[0].task != ScoringTask::causal) {
      text += "  A " + group.metric +
              " is no likelihood of the text: compare within this table alone.\n";
    }
    text += length_table(group, result.lengths);
  }
  return text;
}

}  // namespace locus::cli
