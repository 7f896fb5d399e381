#include "tools/cli/report/line_chart.hpp"

#include <algorithm>
#include <cmath>

#include "tools/cli/report/vega.hpp"

namespace locus::cli {
namespace {

Json axis(const std::string& orient, const std::string& scale, std::string_view title) {
  return {{"orient", orient},         {"scale", scale}, {"title", title},
          {"grid", orient == "left"}, {"tickCount", 6}, {"labelOverlap", true}};
}

/// Columns of the rows that the y axis has to hold.
std::vector<std::string> columns_of(const std::vector<Series>& series) {
  if (shows_bands(series.size())) return {"low", "high"};
  return {"y"};
}

struct Reach {
  double low = INFINITY, high = 0;
};

/// The lowest positive and the highest value.
Reach reach_of(const Json& rows, const std::vector<std::string>& columns) {
  Reach reach;
  for (const Json& row : rows) {
    for (const std::string& column : columns) {
      const double value = row[column];
      if (!std::isfinite(value)) continue;
      if (value > 0) reach.low = std::min(reach.low, value);
      reach.high = std::max(reach.high, value);
    }
  }
  return reach;
}

/// Round numbers of a logarithmic axis, close enough for much less than a decade.
Json logarithmic_ticks(const Reach& reach) {
  static const std::vector<double> coarse{1, 1.5, 2, 2.5, 3, 4, 5, 6, 8};
  static const std::vector<double> fine{1,   1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2, 2.2, 2.4, 2.6,
                                        2.8, 3,   3.5, 4,   4.5, 5,   5.5, 6, 7,   8,   9};
  Json ticks = Json::array();
  if (!std::isfinite(reach.low)) return ticks;
  const auto& steps = reach.high < 3 * reach.low ? fine : coarse;
  for (double decade = std::pow(10, std::floor(std::log10(reach.low))); decade <= reach.high;
       decade *= 10) {
    for (const double step : steps) {
      const double tick = step * decade;
      if (tick >= reach.low && tick <= reach.high) ticks.push_back(tick);
    }
  }
  return ticks;
}

Json scales(const Axes& axes, const std::vector<Series>& series) {
  Json x{{"name", "x"},      {"type", axes.logarithmic_x ? "log" : "linear"},
         {"range", "width"}, {"domain", {{"data", "rows"}, {"field", "x"}}},
         {"nice", false},    {"zero", false}};
  if (axes.logarithmic_x) x["base"] = 2;
  Json y{{"name", "y"},       {"type", axes.logarithmic_y ? "log" : "linear"},
         {"range", "height"}, {"nice", !axes.logarithmic_y},
         {"zero", false},     {"domain", {{"data", "rows"}, {"fields", columns_of(series)}}}};
  const auto ordinal = [](const char* name) {
    return Json{
        {"name", name}, {"type", "ordinal"}, {"domain", Json::array()}, {"range", Json::array()}};
  };
  Json colour = ordinal("colour"), dash = ordinal("dash");
  for (const Series& each : series) {
    colour["domain"].push_back(each.name);
    colour["range"].push_back(each.colour);
    dash["domain"].push_back(each.name);
    dash["range"].push_back(each.dash);
  }
  return {x, y, colour, dash};
}

/// How opaque a mark is while the reader points at a series, or at none.
Json opacity(const std::string& own, const std::string& none, const std::string& other) {
  return {{"signal", "indexof(hidden, datum.name) >= 0 ? 0 : active == '' ? " + none +
                         " : active == datum.name ? " + own + " : " + other}};
}

/// The marks of each series in a group of their own.
Json by_series(const std::string& name, Json marks) {
  return {{"type", "group"},
          {"from", {{"facet", {{"name", name}, {"data", "rows"}, {"groupby", {"name", "run"}}}}}},
          {"marks", std::move(marks)}};
}

/// Cut at the frame: bands may reach farther than the lines, for which the axes are made.
Json bands(bool shown) {
  const Json band{{"type", "area"},
                  {"interactive", false},
                  {"from", {{"data", "band"}}},
                  {"encode",
                   {{"update",
                     {{"x", field("x", "x")},
                      {"y", field("y", "low")},
                      {"y2", field("y", "high")},
                      {"fill", field("colour", "name")},
                      {"fillOpacity", opacity("0.2", shown ? "0.12" : "0", "0")}}}}}};
  Json group = by_series("band", Json::array({band}));
  group["clip"] = true;
  group["encode"]["update"] = {{"width", {{"signal", "width"}}},
                               {"height", {{"signal", "height"}}}};
  return group;
}

Json lines() {
  const Json tip{{"signal",
                  "datum.name + ', ' + format(datum.x, ',') + ': ' + "
                  "format(isValid(datum.value) ? datum.value : datum.y, ',.5~g')"}};
  const Json line{{"type", "line"},
                  {"name", "line"},
                  {"from", {{"data", "series"}}},
                  {"encode",
                   {{"update",
                     {{"x", field("x", "x")},
                      {"y", field("y", "y")},
                      {"stroke", field("colour", "name")},
                      {"strokeDash", field("dash", "name")},
                      {"strokeOpacity", opacity("1", "1", "0.15")},
                      {"strokeWidth", {{"value", 2}}}}}}}};
  const Json point{{"type", "symbol"},  // a curve may have one point alone
                   {"name", "point"},
                   {"from", {{"data", "series"}}},
                   {"encode",
                    {{"update",
                      {{"x", field("x", "x")},
                       {"y", field("y", "y")},
                       {"fill", field("colour", "name")},
                       {"fillOpacity", opacity("1", "1", "0.15")},
                       {"tooltip", tip},
                       {"shape", {{"signal", "isValid(datum.value) ? 'triangle-up' : 'circle'"}}},
                       {"size", {{"signal", "isValid(datum.value) ? 70 : 28"}}}}}}}};
  return by_series("series", Json::array({line, point}));
}

Json marks(const Mark& mark, bool with_bands) {
  Json all = Json::array({bands(with_bands), lines()});
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

/// The series that the reader points at: by a mark here, or by the page's legend.
Json active() {
  return {{"name", "active"},
          {"value", ""},
          {"on",
           {{{"events", "@line:mouseover, @point:mouseover"}, {"update", "datum.name"}},
            {{"events", "@line:mouseout, @point:mouseout"}, {"update", "''"}}}}};
}

Json legend(const std::vector<Series>& series) {
  Json list = Json::array();
  for (const Series& each : series) {
    list.push_back({{"name", each.name},
                    {"colour", each.colour},
                    {"dash", each.dash},
                    {"family", each.family}});
  }
  return list;
}

}  // namespace

bool shows_bands(size_t series) { return series <= 3; }

Json line_chart(const Axes& axes, const std::vector<Series>& series, Json rows, const Mark& mark) {
  Json left = axis("left", "y", axes.y);
  if (axes.logarithmic_y) left["values"] = logarithmic_ticks(reach_of(rows, columns_of(series)));
  return framed(
      300, {{"data", Json::array({{{"name", "rows"}, {"values", std::move(rows)}}})},
            {"usermeta", {{"series", legend(series)}}},
            {"signals", Json::array({active(), {{"name", "hidden"}, {"value", Json::array()}}})},
            {"scales", scales(axes, series)},
            {"axes", Json::array({axis("bottom", "x", axes.x), std::move(left)})},
            {"marks", marks(mark, shows_bands(series.size()))}});
}

}  // namespace locus::cli
