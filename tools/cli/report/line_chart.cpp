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
  for (const Series& each : series) {
    colour["domain"].push_back(each.name);
    colour["range"].push_back(each.colour);
    dash["domain"].push_back(each.name);
    dash["range"].push_back(each.dash);
  }
  return {x, y, colour, dash};
}

Json marks(const Mark& mark) {
  const Json band{{"type", "area"},
                  {"from", {{"data", "series"}}},
                  {"encode",
                   {{"update",
                     {{"x", field("x", "x")},
                      {"y", field("y", "low")},
                      {"y2", field("y", "high")},
                      {"fill", field("colour", "name")},
                      {"fillOpacity", {{"value", 0.12}}}}}}}};
  const Json line{{"type", "line"},
                  {"from", {{"data", "series"}}},
                  {"encode",
                   {{"update",
                     {{"x", field("x", "x")},
                      {"y", field("y", "y")},
                      {"stroke", field("colour", "name")},
                      {"strokeDash", field("dash", "name")},
                      {"strokeWidth", {{"value", 2}}}}}}}};
  const Json point{{"type", "symbol"},  // a curve may have one point alone
                   {"from", {{"data", "series"}}},
                   {"encode",
                    {{"update",
                      {{"x", field("x", "x")},
                       {"y", field("y", "y")},
                       {"fill", field("colour", "name")},
                       {"size", {{"value", 22}}}}}}}};
  const Json facet{{"name", "series"}, {"data", "rows"}, {"groupby", "name"}};
  Json all = Json::array({{{"type", "group"},
                           {"from", {{"facet", facet}}},
                           {"marks", Json::array({band, line, point})}}});
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

}  // namespace

Json line_chart(const Axes& axes, const std::vector<Series>& series, Json rows, const Mark& mark) {
  Json left = axis("left", "y", axes.y);
  if (axes.logarithmic) left["values"] = logarithmic_ticks(rows);
  return framed(300, {{"data", Json::array({{{"name", "rows"}, {"values", std::move(rows)}}})},
                      {"scales", scales(axes, series)},
                      {"axes", Json::array({axis("bottom", "x", axes.x), std::move(left)})},
                      {"legends", Json::array({{{"stroke", "colour"},
                                                {"strokeDash", "dash"},
                                                {"symbolType", "stroke"},
                                                {"orient", "bottom"},
                                                {"columns", 3},
                                                {"symbolStrokeWidth", 3}}})},
                      {"marks", marks(mark)}});
}

}  // namespace locus::cli
