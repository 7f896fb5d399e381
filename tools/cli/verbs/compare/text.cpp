#include <algorithm>
#include <cmath>
#include <regex>
#include <set>
#include <sstream>

#include "tools/cli/report/words.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/compare/comparison.hpp"
#include "tools/cli/verbs/compare/seeds.hpp"

namespace locus::cli {
namespace {

/// `rope+alibi`, `t5`: the schemes alone, each encoding once; `inspect` gives their parameters.
std::string schemes_of(const std::string& encodings) {
  std::string names, name;
  std::istringstream words(encodings);
  while (words >> name) {  // as `t5:buckets=32,direction=both,`: commas within have no space behind
    if (name.ends_with(',')) name.pop_back();
    const std::string schemes = std::regex_replace(name, std::regex(":[^+]*"), "");
    if (names.find(schemes) == std::string::npos) names += (names.empty() ? "" : ", ") + schemes;
  }
  return names;
}

std::string bits_text(const ComparedModel& model) {
  const std::string interval = interval_text(model.bits_per_byte);
  return fixed(model.summary.bits_per_byte.value_or(NAN), 3) + (interval.empty() ? "" : " ") +
         interval;
}

std::string verdict_text(const ComparedModel& model, const ComparedGroup& group) {
  if (model.name == group.baseline) return group.models.size() > 1 ? "baseline" : "";
  if (!model.comparison) return "not comparable";
  const double difference = model.comparison->difference;
  return to_string(model.comparison->verdict) + " " + (difference < 0 ? "" : "+") +
         fixed(difference, 3) + (may_be_luck(model, group) ? " *" : "");
}

std::string group_table(const ComparedGroup& group) {
  Table table({left("model", 16), optional("encoding"), right("value"),
               right("bits per byte [95 %]"), left("verdict")});
  for (const ComparedModel& model : group.models) {
    table.add({model.name, schemes_of(model.encoding), fixed(model.summary.perplexity, 2),
               bits_text(model), verdict_text(model, group)});
  }
  const std::string against =
      group.models.size() > 1 ? ", verdicts against " + group.baseline + " in bits per byte" : "";
  return bold(group.metric + against) + "\n" + table.text(terminal_width());
}

/// Bits per byte of the models from other seeds; nothing where no model has any.
std::string seed_table(const ComparedGroup& group) {
  if (!group.luck) return "";
  Table table({left("from other seeds"), left("bits per byte"), right("range")});
  for (const ComparedModel& model : group.models) {
    if (model.seeds.empty()) continue;
    double low = *model.summary.bits_per_byte, high = low;
    std::string figures = fixed(low, 3);
    for (const SeedRun& run : model.seeds) {
      figures += " " + fixed(run.bits_per_byte, 3);
      low = std::min(low, run.bits_per_byte), high = std::max(high, run.bits_per_byte);
    }
    table.add({model.name, figures, fixed(high - low, 3)});
  }
  return "\n" + table.text(terminal_width()) + "  * less than " +
         fixed(group.luck->min_difference, 3) +
         ", by which two seeds of one model may differ (95 %)\n";
}

using Curve = std::vector<LengthPoint> ComparedModel::*;

/// The lengths at which a model of the group has a point.
std::vector<int64_t> lengths_of(const ComparedGroup& group, Curve curve) {
  std::set<int64_t> lengths;
  for (const ComparedModel& model : group.models) {
    for (const LengthPoint& point : model.*curve) lengths.insert(point.length);
  }
  return {lengths.begin(), lengths.end()};
}

/// A table of perplexities by length; nothing where no model has that curve.
std::string length_table(const std::string& title, const ComparedGroup& group, Curve curve) {
  const auto lengths = lengths_of(group, curve);
  if (lengths.empty()) return "";
  std::vector<Table::Column> columns{left(title)};
  for (int64_t length : lengths) columns.push_back(right(std::to_string(length)));
  Table table(columns);
  for (const ComparedModel& model : group.models) {
    std::vector<std::string> cells{model.name};
    for (int64_t length : lengths) {
      const auto point = std::ranges::find(model.*curve, length, &LengthPoint::length);
      cells.push_back(point == (model.*curve).end() ? "-" : fixed(std::exp(point->nll), 1));
    }
    table.add(cells);
  }
  return "\n" + table.text(terminal_width());
}

std::string ladder_text(const CompareResult& result) {
  const ReportWords& words = words_of("en");
  Table table({right("bits per byte"), left("metric"), left("model")});
  for (const auto& [model, group] : ladder_of(result.groups)) {
    table.add({fixed(*model->summary.bits_per_byte, 3), group->metric, model->name});
  }
  std::string text = "\n" + bold("all models; only figures of one metric compare") + "\n" +
                     table.text(terminal_width());
  for (const ComparedGroup& group : result.groups) {
    text += "  " + group.metric + ": " + std::string(words.question_of(group.models.front().task)) +
            "\n";
  }
  return text;
}

}  // namespace

std::string interval_text(const Interval& interval) {
  if (!std::isfinite(interval.low) || !std::isfinite(interval.high)) return "";
  return "[" + fixed(interval.low, 3) + ", " + fixed(interval.high, 3) + "]";
}

std::string comparison_text(const CompareResult& result) {
  const size_t documents = result.documents.size();
  std::string text = std::to_string(documents) + (documents == 1 ? " document, " : " documents, ") +
                     grouped(result.bytes) + " bytes. Intervals: bootstrap of documents.\n";
  for (const ComparedGroup& group : result.groups) {
    text += "\n" + group_table(group);
    if (group.other_baseline) {
      text += "  The baseline that was asked for has another metric: it cannot be one here.\n";
    }
    text += seed_table(group);
    text += length_table("the same tokens, context", group, &ComparedModel::by_length);
    text += length_table("long texts, windows of", group, &ComparedModel::disjoint);
  }
  return result.groups.size() > 1 ? text + ladder_text(result) : text;
}

}  // namespace locus::cli
