#include <cmath>

#include "tools/cli/compare/comparison.hpp"
#include "tools/cli/support/table.hpp"

namespace locus::cli {
namespace {

/// `rope+alibi`: the schemes alone; `inspect` gives their parameters.
std::string schemes_of(const std::string& encoding) {
  std::string names;
  bool inside = false;
  for (char letter : encoding) {
    if (letter == ':') inside = true;
    if (letter == '+' || letter == ' ') inside = false;
    if (!inside) names += letter;
  }
  return names;
}

std::string bits_text(const ComparedModel& model) {
  return fixed(model.summary.bits_per_byte.value_or(NAN), 3) + " [" +
         fixed(model.bits_per_byte.low, 3) + ", " + fixed(model.bits_per_byte.high, 3) + "]";
}

std::string verdict_text(const ComparedModel& model, const ComparedGroup& group) {
  if (model.name == group.baseline) return group.models.size() > 1 ? "baseline" : "";
  if (!model.comparison) return "not comparable";
  const double difference = model.comparison->difference;
  return to_string(model.comparison->verdict) + " " + (difference < 0 ? "" : "+") +
         fixed(difference, 3);
}

std::string group_table(const ComparedGroup& group) {
  Table table({left("model"), left("encoding"), right("value"), right("bits per byte [95 %]"),
               left("verdict")});
  for (const ComparedModel& model : group.models) {
    table.add({model.name, shortened(schemes_of(model.encoding), 14),
               fixed(model.summary.perplexity, 2), bits_text(model), verdict_text(model, group)});
  }
  const std::string against =
      group.models.size() > 1 ? ", verdicts against " + group.baseline + " in bits per byte" : "";
  return bold(group.metric + against) + "\n" + table.text(terminal_width());
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
