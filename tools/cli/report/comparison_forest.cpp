#include <algorithm>

#include "tools/cli/report/chart_parts.hpp"
#include "tools/cli/report/forest_chart.hpp"
#include "tools/cli/report/palette.hpp"

namespace locus::cli {
namespace {

/// The group's baseline, where a model was compared with it.
const ComparedModel* compared_baseline(const ComparedGroup& group) {
  const auto compared = [](const ComparedModel& model) { return model.comparison.has_value(); };
  const auto baseline = std::ranges::find(group.models, group.baseline, &ComparedModel::name);
  const bool any = std::ranges::any_of(group.models, compared);
  return any && baseline != group.models.end() ? &*baseline : nullptr;
}

Forest forest_of(const ComparedGroup& group, const ComparedModel& baseline,
                 const ReportWords& words) {
  Forest forest;
  forest.x = phrase(words.forest.x, {{"baseline", group.baseline}});
  forest.margin = group.margin;
  for (const ComparedModel& model : group.models) {
    if (!model.comparison && &model != &baseline) continue;
    ForestRow row{
        model.name, 0, {0, 0}, {}, colour_of(model.encoding), verdict_of(model, group, words)};
    if (model.comparison) {
      row.difference = model.comparison->difference;
      row.interval = model.comparison->interval;
    }
    for (const SeedRun& run : model.runs) {
      if (model.runs.size() > 1) row.seeds.push_back(run.bits_per_byte - bits_of(baseline));
    }
    forest.rows.push_back(std::move(row));
  }
  for (const ModelFloor& floor : floors_of(group)) {
    forest.lines.push_back({floor_word(floor, words), floor.bits_per_byte - bits_of(baseline)});
  }
  return forest;
}

Json forest_table(const ComparedGroup& group, const ReportWords& words) {
  Json rows = Json::array();
  for (const ComparedModel& model : group.models) {
    for (const SeedRun& run : model.runs) {
      const Comparison* own = model.comparison ? &*model.comparison : nullptr;
      rows.push_back({model.name, run.name, fixed(run.bits_per_byte, 4),
                      own ? signed_fixed(own->difference, 4) : "",
                      own ? signed_fixed(own->interval.low, 4) : "",
                      own ? signed_fixed(own->interval.high, 4) : "", own ? p_text(*own) : "",
                      verdict_of(model, group, words)});
    }
  }
  const ColumnWords& columns = words.columns;
  return chart_table({columns.model, words.run, columns.bits_per_byte, columns.difference,
                      columns.from, columns.to, columns.p, columns.verdict},
                     std::move(rows));
}

}  // namespace

std::vector<Chart> forest_charts(const CompareResult& result, const ReportWords& words) {
  std::vector<Chart> charts;
  for (const ComparedGroup& group : result.groups) {
    const ComparedModel* baseline = compared_baseline(group);
    if (!baseline) continue;
    const std::string title = phrase(words.forest.title, {{"baseline", group.baseline}});
    Json table = forest_table(group, words);
    table["columns"].back() = phrase(words.columns.verdict, {{"baseline", group.baseline}});
    charts.push_back({metric_title(title, group, words), std::string(words.forest.reading),
                      forest_chart(forest_of(group, *baseline, words)), std::move(table)});
  }
  return charts;
}

std::string comparison_figure(const CompareResult& result, const ReportWords& words) {
  for (const ComparedGroup& group : result.groups) {
    const ComparedModel* baseline = compared_baseline(group);
    if (baseline) return forest_svg(forest_of(group, *baseline, words));
  }
  return "";
}

}  // namespace locus::cli
