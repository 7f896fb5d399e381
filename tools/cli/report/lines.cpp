#include <algorithm>
#include <cmath>

#include "tools/cli/report/palette.hpp"
#include "tools/cli/report/report.hpp"

namespace locus::cli {
namespace {

/// A line chart over rows {model, x, y, low, high}.
struct Axes {
  std::string_view x;
  std::string_view y;
  bool logarithmic = false;
};

/// A place on the x axis that has a name.
struct Mark {
  int64_t x = 0;  ///< 0: none
  std::string_view name;
};

/// A line, and the encoding that it is drawn in the colour of.
struct Series {
  std::string model;
  std::string encoding;
};

/// More bands than this hide each other; the table has their numbers.
constexpr size_t most_bands = 3;

Json axis(const std::string& orient, const std::string& scale, std::string_view title) {
  return {{"orient", orient},         {"scale", scale}, {"title", title},
          {"grid", orient == "left"}, {"tickCount", 6}, {"labelOverlap", true}};
}

/// Round numbers between the lowest and the highest value, close enough for less than a decade.
Json logarithmic_ticks(const Json& rows) {
  double low = INFINITY, high = 0;
  for (const Json& row : rows) {
    const double least = row["low"], most = row["high"];
    if (least > 0 && std::isfinite(least)) low = std::min(low, least);
    if (std::isfinite(most)) high = std::max(high, most);
  }
  Json ticks = Json::array();
  if (!std::isfinite(low)) return ticks;
  for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10) {
    for (const double step : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0}) {
      if (step * decade >= low && step * decade <= high) ticks.push_back(step * decade);
    }
  }
  return ticks;
}

Json scales(const Axes& axes, const std::vector<Series>& series) {
  Json x{{"name", "x"},      {"type", axes.logarithmic ? "log" : "linear"},
         {"range", "width"}, {"domain", {{"data", "rows"}, {"field", "x"}}},
         {"nice", false},    {"zero", false}};
  if (axes.logarithmic) x["base"] = 2;
  Json y{{"name", "y"},       {"type", axes.logarithmic ? "log" : "linear"},
         {"range", "height"}, {"nice", !axes.logarithmic},
         {"zero", false},     {"domain", {{"data", "rows"}, {"fields", {"low", "high"}}}}};
  const auto ordinal = [](const char* name) {
    return Json{
        {"name", name}, {"type", "ordinal"}, {"domain", Json::array()}, {"range", Json::array()}};
  };
  Json colour = ordinal("colour"), dash = ordinal("dash");
  for (const auto& [model, encoding] : series) {
    colour["domain"].push_back(model);
    colour["range"].push_back(colour_of(encoding));
    dash["domain"].push_back(model);
    dash["range"].push_back(dash_of(encoding));
  }
  return {x, y, colour, dash};
}

Json field(const std::string& scale, const std::string& name) {
  return {{"scale", scale}, {"field", name}};
}

Json marks(const Mark& mark) {
  const Json band{{"type", "area"},
                  {"from", {{"data", "series"}}},
                  {"encode",
                   {{"update",
                     {{"x", field("x", "x")},
                      {"y", field("y", "low")},
                      {"y2", field("y", "high")},
                      {"fill", field("colour", "model")},
                      {"fillOpacity", {{"value", 0.12}}}}}}}};
  const Json line{{"type", "line"},
                  {"from", {{"data", "series"}}},
                  {"encode",
                   {{"update",
                     {{"x", field("x", "x")},
                      {"y", field("y", "y")},
                      {"stroke", field("colour", "model")},
                      {"strokeDash", field("dash", "model")},
                      {"strokeWidth", {{"value", 2}}}}}}}};
  const Json facet{{"name", "series"}, {"data", "rows"}, {"groupby", "model"}};
  Json all = Json::array(
      {{{"type", "group"}, {"from", {{"facet", facet}}}, {"marks", Json::array({band, line})}}});
  if (mark.x == 0) return all;
  const Json x{{"scale", "x"}, {"value", mark.x}};
  all.push_back({{"type", "rule"},
                 {"encode",
                  {{"update",
                    {{"x", x},
                     {"y", {{"value", 0}}},
                     {"y2", {{"signal", "height"}}},
                     {"stroke", {{"value", "#888"}}},
                     {"strokeDash", {{"value", {2, 3}}}}}}}}});
  all.push_back({{"type", "text"},
                 {"encode",
                  {{"update",
                    {{"x", x},
                     {"y", {{"value", 4}}},
                     {"dx", {{"value", 5}}},
                     {"baseline", {{"value", "top"}}},
                     {"fill", {{"value", "#888"}}},
                     {"text", {{"value", mark.name}}}}}}}});
  return all;
}

Json specification(const Axes& axes, const std::vector<Series>& series, Json rows,
                   const Mark& mark = {}) {
  Json left = axis("left", "y", axes.y);
  if (axes.logarithmic) left["values"] = logarithmic_ticks(rows);
  return {{"height", 300},
          {"padding", 5},
          {"autosize", {{"type", "fit"}, {"contains", "padding"}}},
          {"data", Json::array({{{"name", "rows"}, {"values", std::move(rows)}}})},
          {"scales", scales(axes, series)},
          {"axes", Json::array({axis("bottom", "x", axes.x), std::move(left)})},
          {"legends", Json::array({{{"stroke", "colour"},
                                    {"strokeDash", "dash"},
                                    {"symbolType", "stroke"},
                                    {"orient", "bottom"},
                                    {"columns", 3},
                                    {"symbolStrokeWidth", 3}}})},
          {"marks", marks(mark)}};
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

}  // namespace

std::vector<Chart> position_charts(const CompareResult& result, const ReportWords& words) {
  std::vector<Chart> charts;
  for (const ComparedGroup& group : result.groups) {
    Json rows = Json::array(), table = Json::array();
    std::vector<Series> series;
    for (const ComparedModel& model : group.models) {
      if (model.by_position.empty()) continue;
      series.push_back({model.name, model.encoding});
      for (const CurvePoint& point : model.by_position) {
        rows.push_back({{"model", model.name},
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
         specification({words.position_x, words.loss}, series, std::move(rows)),
         table_of({words.model, words.from_position, words.tokens, words.loss}, std::move(table))});
  }
  return charts;
}

std::vector<Chart> length_charts(const CompareResult& result, const ReportWords& words) {
  std::vector<Chart> charts;
  for (const ComparedGroup& group : result.groups) {
    Json rows = Json::array(), table = Json::array();
    std::vector<Series> series;
    for (const ComparedModel& model : group.models) {
      if (model.by_length.empty()) continue;
      series.push_back({model.name, model.encoding});
      for (const LengthPoint& point : model.by_length) {
        const double low = std::exp(point.interval.low), high = std::exp(point.interval.high);
        rows.push_back({{"model", model.name},
                        {"x", point.length},
                        {"y", std::exp(point.nll)},
                        {"low", low},
                        {"high", high}});
        table.push_back({model.name, point.length, point.tokens, fixed(std::exp(point.nll), 2),
                         fixed(low, 2), fixed(high, 2)});
      }
    }
    if (series.empty()) continue;
    const bool bands = series.size() <= most_bands;
    for (Json& row : rows) {
      if (!bands) row["low"] = row["high"] = row["y"];
    }
    charts.push_back(
        {std::string(words.length_title),
         std::string(words.length_reading) + (bands ? std::string(words.bands_reading) : ""),
         specification({words.length_x, words.perplexity, true}, series, std::move(rows),
                       {common_training_length(group, result.lengths), words.training_length}),
         table_of(
             {words.model, words.context, words.tokens, words.perplexity, words.from, words.to},
             std::move(table))});
  }
  return charts;
}

}  // namespace locus::cli
