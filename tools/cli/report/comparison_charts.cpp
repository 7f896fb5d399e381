#include <algorithm>
#include <cmath>
#include <set>

#include "tools/cli/report/comparison_page.hpp"
#include "tools/cli/report/dot_chart.hpp"
#include "tools/cli/report/heatmap.hpp"
#include "tools/cli/report/line_chart.hpp"
#include "tools/cli/report/palette.hpp"

namespace locus::cli {
namespace {

Series series_of(const ComparedModel& model) {
  return {model.name, colour_of(model.encoding), dash_of(model.encoding)};
}

Json table_of(const std::vector<std::string_view>& columns, Json rows) {
  return {{"columns", columns}, {"rows", std::move(rows)}};
}

/// What all models of a group were trained on, where it lies among the lengths; 0 otherwise.
int64_t common_training_length(const ComparedGroup& group, const std::vector<int64_t>& lengths) {
  const int64_t length = group.models.front().trained_context;
  const bool common = std::ranges::all_of(
      group.models, [&](const ComparedModel& model) { return model.trained_context == length; });
  return common && length >= lengths.front() && length <= lengths.back() ? length : 0;
}

struct CurveWords {
  std::string_view title, reading, x;
};

/// One chart for each group that has the curve.
std::vector<Chart> curve_charts(const CompareResult& result, const ReportWords& words,
                                std::vector<LengthPoint> ComparedModel::*curve,
                                const CurveWords& own) {
  std::vector<Chart> charts;
  for (const ComparedGroup& group : result.groups) {
    Json rows = Json::array(), table = Json::array();
    std::vector<Series> series;
    for (const ComparedModel& model : group.models) {
      if ((model.*curve).empty()) continue;
      series.push_back(series_of(model));
      for (const LengthPoint& point : model.*curve) {
        const double low = std::exp(point.interval.low), high = std::exp(point.interval.high);
        const double y = std::exp(point.nll);
        const bool known = std::isfinite(low) && std::isfinite(high);
        rows.push_back({{"name", model.name},
                        {"x", point.length},
                        {"y", y},
                        {"low", known ? low : y},
                        {"high", known ? high : y}});
        table.push_back({model.name, point.length, point.tokens, fixed(std::exp(point.nll), 2),
                         fixed(low, 2), fixed(high, 2), fixed(100 * point.top1, 1),
                         fixed(100 * point.top5, 1), fixed(point.entropy, 3)});
      }
    }
    if (series.empty()) continue;
    charts.push_back(
        {std::string(own.title), std::string(own.reading) + std::string(words.bands_reading),
         line_chart({own.x, words.perplexity, true}, series, std::move(rows),
                    {common_training_length(group, result.lengths), words.training_length}),
         table_of({words.model, words.context, words.tokens, words.perplexity, words.from, words.to,
                   words.top1, words.top5, words.entropy},
                  std::move(table))});
  }
  return charts;
}

/// A chart of dots, and the runs as a table.
Chart seed_chart(const ComparedGroup& group, const ReportWords& words) {
  std::vector<Dot> dots;
  Json table = Json::array();
  for (const ComparedModel& model : group.models) {
    if (model.seeds.empty()) continue;
    std::vector<SeedRun> runs = model.seeds;
    runs.insert(runs.begin(), {model.name, *model.summary.bits_per_byte, model.summary.perplexity});
    for (const SeedRun& run : runs) {
      dots.push_back({model.name, run.name, run.bits_per_byte, colour_of(model.encoding),
                      run.name == model.name});
      table.push_back(
          {model.name, run.name, fixed(run.bits_per_byte, 4), fixed(run.perplexity, 2)});
    }
  }
  const std::string metric = metric_word(group.models.front().task, words);
  return {std::string(words.seed_title), std::string(words.seed_reading),
          dot_chart(dots, words.bits_per_byte_axis),
          table_of({words.model, words.run, words.bits_per_byte_axis, metric}, std::move(table))};
}

}  // namespace

std::vector<Chart> seed_charts(const CompareResult& result, const ReportWords& words) {
  std::vector<Chart> charts;
  for (const ComparedGroup& group : result.groups) {
    if (group.luck) charts.push_back(seed_chart(group, words));
  }
  return charts;
}

std::vector<Chart> position_charts(const CompareResult& result, const ReportWords& words) {
  std::vector<Chart> charts;
  for (const ComparedGroup& group : result.groups) {
    Json rows = Json::array(), table = Json::array();
    std::vector<Series> series;
    for (const ComparedModel& model : group.models) {
      if (model.by_position.empty()) continue;
      series.push_back(series_of(model));
      for (const CurvePoint& point : model.by_position) {
        rows.push_back({{"name", model.name},
                        {"x", point.context + position_bucket / 2},
                        {"y", point.nll},
                        {"low", point.nll},
                        {"high", point.nll}});
        table.push_back({model.name, point.context, point.tokens, fixed(point.nll, 4)});
      }
    }
    if (series.empty()) continue;
    charts.push_back(
        {std::string(words.position_title), std::string(words.position_reading),
         line_chart({words.position_x, words.loss}, series, std::move(rows)),
         table_of({words.model, words.from_position, words.tokens, words.loss}, std::move(table))});
  }
  return charts;
}

std::vector<Chart> length_charts(const CompareResult& result, const ReportWords& words) {
  return curve_charts(result, words, &ComparedModel::by_length,
                      {words.length_title, words.length_reading, words.length_x});
}

std::vector<Chart> disjoint_charts(const CompareResult& result, const ReportWords& words) {
  return curve_charts(result, words, &ComparedModel::disjoint,
                      {words.disjoint_title, words.disjoint_reading, words.disjoint_x});
}

std::vector<Chart> encoding_charts(const CompareResult& result, const ReportWords& words) {
  std::vector<Chart> charts;
  std::set<std::string> drawn;  // a masked model stands in two groups
  for (const ComparedGroup& group : result.groups) {
    for (const ComparedModel& model : group.models) {
      if (!drawn.insert(model.name).second) continue;
      const PictureWords picture = picture_words(model.picture.kind, words);
      Chart chart{model.name + ": " + model.encoding, std::string(picture.reading), {}, {}};
      if (model.picture.kind != EncodingPicture::Kind::nothing) {
        const Heatmap map{model.picture.values, picture.x, picture.y, model.picture.first_column};
        chart.specification = heatmap_chart(map);
        chart.table = heatmap_table(map);
      }
      charts.push_back(std::move(chart));
    }
  }
  return charts;
}

}  // namespace locus::cli
