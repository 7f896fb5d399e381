#include <algorithm>
#include <cmath>
#include <set>

#include "tools/cli/report/chart_parts.hpp"
#include "tools/cli/report/heatmap.hpp"
#include "tools/cli/report/line_chart.hpp"
#include "tools/cli/report/palette.hpp"

namespace locus::cli {
namespace {

constexpr double max_change = 1;  // nats: what lies beyond is marked at the frame

Series series_of(const ComparedModel& model) {
  return {model.name, colour_of(model.encoding), dash_of(model.encoding),
          family_of(model.encoding)};
}

/// What all models of a group were trained on, where it lies among the lengths; 0 otherwise.
int64_t common_training_length(const ComparedGroup& group, const std::vector<int64_t>& lengths) {
  const int64_t length = group.models.front().trained_context;
  const bool common = std::ranges::all_of(
      group.models, [&](const ComparedModel& model) { return model.trained_context == length; });
  return common && length >= lengths.front() && length <= lengths.back() ? length : 0;
}

/// Rows of a chart and of the table behind it.
struct Rows {
  std::vector<Series> series;
  Json chart = Json::array(), table = Json::array();
};

/// `add(model, rows)` for every model of the group that `has` something.
template <typename Has, typename Add>
Rows rows_of(const ComparedGroup& group, const Has& has, const Add& add) {
  Rows rows;
  for (const ComparedModel& model : group.models) {
    if (!has(model)) continue;
    rows.series.push_back(series_of(model));
    add(model, rows);
  }
  return rows;
}

Json point(const ComparedModel& model, int64_t x, double y, const Interval& interval) {
  const bool known = std::isfinite(interval.low) && std::isfinite(interval.high);
  return {{"name", model.name},
          {"run", 0},
          {"x", x},
          {"y", y},
          {"low", known ? interval.low : y},
          {"high", known ? interval.high : y}};
}

/// A change, at the frame where it lies beyond.
Json change_point(const ComparedModel& model, const LengthPoint& at) {
  const auto clipped = [](double value) { return std::min(value, max_change); };
  Json row = point(model, at.length, clipped(at.change),
                   {clipped(at.change_interval.low), clipped(at.change_interval.high)});
  if (at.change > max_change) row["value"] = at.change;
  return row;
}

Chart change_chart(const ComparedGroup& group, const CompareResult& result,
                   const ReportWords& words) {
  const auto has = [](const ComparedModel& model) { return model.by_length.size() > 1; };
  Rows rows = rows_of(group, has, [](const ComparedModel& model, Rows& into) {
    for (const LengthPoint& at : model.by_length) {
      into.chart.push_back(change_point(model, at));
      into.table.push_back({model.name, at.length, at.tokens, fixed(at.change, 4),
                            fixed(at.change_interval.low, 4), fixed(at.change_interval.high, 4),
                            fixed(std::exp(at.nll), 2), fixed(100 * at.top1, 1),
                            fixed(100 * at.top5, 1), fixed(at.entropy, 3)});
    }
  });
  const ColumnWords& columns = words.columns;
  return {metric_title(words.change.title, group, words),
          std::string(words.change.reading) + std::string(words.clipped) + std::string(words.bands),
          rows.series.empty()
              ? Json()
              : line_chart({words.change.x, words.change.y, true, false}, rows.series,
                           std::move(rows.chart),
                           {common_training_length(group, result.lengths), words.training_length}),
          chart_table({columns.model, columns.context, columns.tokens, words.change.y, columns.from,
                       columns.to, words.perplexity, columns.top1, columns.top5, columns.entropy},
                      std::move(rows.table))};
}

Chart disjoint_chart(const ComparedGroup& group, const CompareResult& result,
                     const ReportWords& words) {
  const auto has = [](const ComparedModel& model) { return !model.disjoint.empty(); };
  Rows rows = rows_of(group, has, [](const ComparedModel& model, Rows& into) {
    for (const LengthPoint& at : model.disjoint) {
      const Interval interval{std::exp(at.interval.low), std::exp(at.interval.high)};
      into.chart.push_back(point(model, at.length, std::exp(at.nll), interval));
      into.table.push_back({model.name, at.length, at.tokens, fixed(std::exp(at.nll), 2),
                            fixed(interval.low, 2), fixed(interval.high, 2)});
    }
  });
  const ColumnWords& columns = words.columns;
  return {metric_title(words.disjoint.title, group, words),
          std::string(words.disjoint.reading) + std::string(words.bands),
          rows.series.empty()
              ? Json()
              : line_chart({words.disjoint.x, words.disjoint.y, true, true}, rows.series,
                           std::move(rows.chart),
                           {common_training_length(group, result.lengths), words.training_length}),
          chart_table({columns.model, columns.context, columns.tokens, words.perplexity,
                       columns.from, columns.to},
                      std::move(rows.table))};
}

Chart position_chart(const ComparedGroup& group, const ReportWords& words) {
  const auto has = [](const ComparedModel& model) { return !model.by_position.empty(); };
  Rows rows = rows_of(group, has, [](const ComparedModel& model, Rows& into) {
    for (const CurvePoint& at : model.by_position) {
      const int64_t middle = at.context + position_bucket / 2;
      into.chart.push_back(point(model, middle, at.nll, {at.nll, at.nll}));
      into.table.push_back({model.name, at.context, at.tokens, fixed(at.nll, 4)});
    }
  });
  const ColumnWords& columns = words.columns;
  return {metric_title(words.position.title, group, words), std::string(words.position.reading),
          rows.series.empty() ? Json()
                              : line_chart({words.position.x, words.position.y}, rows.series,
                                           std::move(rows.chart)),
          chart_table({columns.model, columns.from_position, columns.tokens, words.position.y},
                      std::move(rows.table))};
}

void keep(std::vector<Chart>& charts, Chart chart) {
  if (!chart.specification.is_null()) charts.push_back(std::move(chart));
}

bool has_training_curve(const ComparedModel& model) { return !model.training_curve.empty(); }

/// What counts of the training text reach on its validation documents, as level lines.
void add_training_floors(Rows& rows, const ComparedGroup& group, const CompareResult& result,
                         const ReportWords& words) {
  const auto of_floors = [&](const ComparedModel& model) {
    return result.floors && model.training && has_training_curve(model) &&
           model.training->vocabulary() == result.floors->vocabulary_sha256();
  };
  const auto model = std::ranges::find_if(group.models, of_floors);
  const ScoringTask task = group.models.front().task;
  if (model == group.models.end() || task == ScoringTask::infill) return;
  const bool causal = task == ScoringTask::causal;
  using Kind = ModelFloor::Kind;
  for (const auto& [kind, key] :
       {std::pair{Kind::frequencies, "frequencies"},
        std::pair{Kind::document_counts, causal ? "document, causal" : "document, masked"},
        std::pair{Kind::trigram, causal ? "trigram" : ""}}) {
    const auto loss = result.floors->validation().find(key);
    if (loss == result.floors->validation().end()) continue;
    const std::string name = std::string(words.floor) + floor_word(kind, words);
    rows.series.push_back({name, "#888888", {4, 4}, std::string(words.floor)});
    const auto& curve = model->training_curve;
    for (const int64_t x : {curve.front().tokens, curve.back().tokens}) {
      rows.chart.push_back({{"name", name},
                            {"run", 0},
                            {"x", x},
                            {"y", loss->second},
                            {"low", loss->second},
                            {"high", loss->second}});
    }
    rows.table.push_back({name, "", "", fixed(loss->second, 4)});
  }
}

/// One encoding; of a row with several runs, that of the first.
Chart encoding_chart(const ComparedModel& model, const EncodingPicture& picture,
                     const ReportWords& words) {
  const PictureWords& titles = picture_words(picture.kind, words);
  const std::string name = model.runs.size() > 1 ? model.runs.front().name : model.name;
  const std::string stack =
      picture.stack.empty()
          ? ""
          : std::string(words.comma) +
                std::string(picture.stack == "encoder" ? words.encoder : words.decoder);
  const std::string& encoding = picture.encoding.empty() ? model.encoding : picture.encoding;
  Chart chart{name + stack + ": " + encoding, std::string(titles.reading), {}, {}};
  if (picture.kind == EncodingPicture::Kind::nothing) return chart;
  const Heatmap map{picture.values, titles.x, titles.y, picture.first_column};
  chart.specification = heatmap_chart(map);
  chart.table = heatmap_table(map);
  return chart;
}

}  // namespace

std::vector<Chart> length_charts(const CompareResult& result, const ReportWords& words) {
  std::vector<Chart> charts;
  for (const ComparedGroup& group : result.groups) {
    keep(charts, change_chart(group, result, words));
    keep(charts, disjoint_chart(group, result, words));
    keep(charts, position_chart(group, words));
  }
  return charts;
}

std::vector<Chart> training_charts(const CompareResult& result, const ReportWords& words) {
  std::vector<Chart> charts;
  std::set<std::string> kinds;  // a masked model stands in two groups
  for (const ComparedGroup& group : result.groups) {
    Rows rows = rows_of(group, has_training_curve, [](const ComparedModel& model, Rows& into) {
      for (const TrainingPoint& at : model.training_curve) {
        into.chart.push_back(
            point(model, at.tokens, at.validation, {at.validation, at.validation}));
        into.table.push_back({model.name, at.tokens, at.context, fixed(at.validation, 4)});
      }
    });
    if (rows.series.empty() || !kinds.insert(rows.chart.dump()).second) continue;
    add_training_floors(rows, group, result, words);
    const bool spans = group.models.front().task == ScoringTask::infill;
    charts.push_back(
        {metric_title(words.tokens_seen.title, group, words),
         std::string(words.tokens_seen.reading) + std::string(spans ? words.without_floors : ""),
         line_chart({words.tokens_seen.x, words.tokens_seen.y, true, false}, rows.series,
                    std::move(rows.chart)),
         chart_table(
             {words.columns.model, words.tokens_seen.x, words.columns.context, words.tokens_seen.y},
             std::move(rows.table))});
  }
  return charts;
}

std::vector<Chart> encoding_charts(const CompareResult& result, const ReportWords& words) {
  std::vector<Chart> charts;
  std::set<std::string> drawn;  // a masked model stands in two groups
  for (const ComparedGroup& group : result.groups) {
    for (const ComparedModel& model : group.models) {
      if (!drawn.insert(model.name).second) continue;
      for (const EncodingPicture& each : model.pictures) {
        charts.push_back(encoding_chart(model, each, words));
      }
    }
  }
  return charts;
}

}  // namespace locus::cli
