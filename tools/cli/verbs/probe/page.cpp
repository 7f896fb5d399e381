// The probes as a page.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "tools/cli/report/chart_parts.hpp"
#include "tools/cli/report/heatmap.hpp"
#include "tools/cli/report/line_chart.hpp"
#include "tools/cli/report/palette.hpp"
#include "tools/cli/verbs/probe/probe.hpp"

namespace locus::cli {
namespace {

struct ProbeWords {
  std::string_view title, introduction, recall, recall_reading, distance, gain, passkey,
      passkey_reading, length, depth, order, order_reading, share, against;
};

constexpr ProbeWords english_probes{
    .title = "What models recall, find and order",
    .introduction =
        "Intervals are 95 % bootstrap intervals over trials, the same for every model "
        "with the same tokens; verdicts are paired, over the lengths that both have.",
    .recall = "Recall by distance",
    .recall_reading =
        "How much less a token of a random string costs when the string stood there "
        "before: 0 is no memory, as of a trigram. Bands are intervals over trials.",
    .distance = "distance from a token to its copy (tokens)",
    .gain = "gain (nats per token)",
    .passkey = "Passkey",
    .passkey_reading =
        "Share of trials in which the right key is likelier than four others, from "
        "0 (white) to 1; chance is 0.2. Columns are lengths in their order.",
    .length = "length",
    .depth = "depth, from far away to the end",
    .order = "Word order",
    .order_reading =
        "Share of sentences that are likelier than with two words exchanged; chance "
        "is 0.5.",
    .share = "share [95 %]",
    .against = "against {model}",
};

constexpr ProbeWords chinese_probes{
    .title = "模型能回忆、找到和排序什么",
    .introduction =
        "区间为按试验自助抽样的 95 % 区间；词元相同的模型试验也相同；结论为成对比较，只取"
        "双方都有的长度。",
    .recall = "按距离的回忆",
    .recall_reading =
        "随机词串再次出现时，每个词元的代价减少多少：0 表示没有记忆，如三元模型。色带为"
        "按试验的区间。",
    .distance = "词元到其副本的距离（词元）",
    .gain = "增益（每词元奈特）",
    .passkey = "密钥",
    .passkey_reading =
        "正确密钥比另外四个更可能的试验占比，从 0（白）到 1；随机为 0.2。各列依次为长度。",
    .length = "长度",
    .depth = "深度，从最远处到末尾",
    .order = "词序",
    .order_reading = "原句比交换两词后更可能的句子占比；随机为 0.5。",
    .share = "占比 [95 %]",
    .against = "对比 {model}",
};

double mean_of_values(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The mean gain at a distance, and its interval over trials.
std::pair<double, Interval> gain_at(const RecallPoint& point) {
  const std::vector<Unit> units = recall_units(std::span(&point, 1));
  return {weighted_mean(units), bootstrap(units)};
}

std::vector<Chart> recall_chart(const std::vector<ProbedModel>& models, const ProbeWords& own,
                                const ReportWords& words) {
  std::vector<Series> series;
  Json rows = Json::array(), table = Json::array();
  for (const ProbedModel& model : models) {
    if (model.recall_points.empty()) continue;
    series.push_back({model.name, colour_of(model.encoding), dash_of(model.encoding),
                      family_of(model.encoding)});
    for (const RecallPoint& point : model.recall_points) {
      const auto [gain, interval] = gain_at(point);
      const bool known = std::isfinite(interval.low);
      rows.push_back({{"name", model.name},
                      {"run", 0},
                      {"x", point.distance},
                      {"y", gain},
                      {"low", known ? interval.low : gain},
                      {"high", known ? interval.high : gain}});
      table.push_back({model.name, point.distance, fixed(gain, 4), fixed(interval.low, 4),
                       fixed(interval.high, 4)});
    }
  }
  if (series.empty()) return {};
  return {{std::string(own.recall), std::string(own.recall_reading),
           line_chart({own.distance, own.gain, true, false}, series, std::move(rows)),
           chart_table(
               {words.columns.model, own.distance, own.gain, words.columns.from, words.columns.to},
               std::move(table))}};
}

/// Depths by lengths, as the cells are ordered: length by length.
Tensor passkey_shares(const ProbedModel& model) {
  const auto& cells = model.passkey_cells;
  const auto depths = std::ranges::count(cells, cells.front().length, &PasskeyCell::length);
  Tensor shares({depths, static_cast<int64_t>(cells.size()) / depths});
  for (size_t i = 0; i < cells.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    shares.view()(at % depths, at / depths) = static_cast<float>(mean_of_values(cells[i].found));
  }
  return shares;
}

std::vector<Chart> passkey_charts(const std::vector<ProbedModel>& models, const ProbeWords& own) {
  std::vector<Chart> charts;
  for (const ProbedModel& model : models) {
    if (model.passkey_cells.empty()) continue;
    const Tensor shares = passkey_shares(model);
    Json table = Json::array();
    for (const PasskeyCell& cell : model.passkey_cells) {
      table.push_back({cell.length, fixed(cell.depth, 2), fixed(mean_of_values(cell.found), 2)});
    }
    charts.push_back({model.name, std::string(own.passkey_reading),
                      heatmap_chart({shares, own.length, own.depth}),
                      chart_table({own.length, own.depth, own.share}, std::move(table))});
  }
  return charts;
}

std::string verdict_html(const std::optional<Comparison>& comparison, const ReportWords& words) {
  if (!comparison) return "";
  return html_text(verdict_word(comparison->verdict, words) + " " +
                   signed_fixed(comparison->difference, 3) + " " +
                   interval_text(comparison->interval) + ", p " + p_text(*comparison));
}

/// A row for each model that has the figure.
std::string figures_html(const std::vector<ProbedModel>& models,
                         std::optional<ProbeFigure> ProbedModel::*figure, std::string_view title,
                         const std::pair<const ProbeWords&, const ReportWords&>& words) {
  const auto& [own, report] = words;
  std::string html = "<div class=\"scroll\"><table class=\"sortable prose\"><thead><tr>";
  const std::string against = phrase(own.against, {{"model", models.front().name}});
  for (const std::string_view each : {report.columns.model, title, std::string_view(against)}) {
    html += "<th scope=\"col\">" + html_text(each) + "</th>";
  }
  html += "</tr></thead><tbody>\n";
  for (const ProbedModel& model : models) {
    if (!(model.*figure)) continue;
    const ProbeFigure& found = *(model.*figure);
    html += "<tr><th scope=\"row\">" + html_text(model.name) + "</th><td>" + fixed(found.mean, 3) +
            " " + interval_text(found.interval) + "</td><td>" +
            verdict_html(found.comparison, report) + "</td></tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

}  // namespace

std::string probes_page(const std::vector<ProbedModel>& models, const ProbeSettings& settings,
                        const std::string& language) {
  const ReportWords& words = words_of(language);
  const ProbeWords& own = language == "zh" ? chinese_probes : english_probes;
  const auto text = [](std::string_view view) { return std::string(view); };
  const auto figures = [&](std::optional<ProbeFigure> ProbedModel::*figure,
                           std::string_view title) -> std::string {
    const bool any = std::ranges::any_of(
        models, [&](const ProbedModel& model) { return (model.*figure).has_value(); });
    return any ? figures_html(models, figure, title, {own, words}) : "";
  };
  Page page{text(words.language),
            text(own.title),
            "",
            text(own.introduction),
            {text(words.numbers), text(words.picture), text(words.download_numbers),
             text(words.all_series)},
            {}};
  const std::string order = figures(&ProbedModel::order, own.share);
  const std::string reading = "<p>" + html_text(own.order_reading) + "</p>\n";
  page.sections = {
      {text(own.recall), figures(&ProbedModel::recall, own.gain), recall_chart(models, own, words)},
      {text(own.passkey), figures(&ProbedModel::passkey, own.share), passkey_charts(models, own),
       true},
      {text(own.order), order.empty() ? "" : reading + order, {}},
      {text(words.controls),
       details_html(words.settings, probes_json(models, settings)["settings"]),
       {}}};
  return page_html(page);
}

}  // namespace locus::cli
