#include "tools/cli/report/forest_chart.hpp"

#include <algorithm>
#include <cmath>

#include "tools/cli/report/vega.hpp"

namespace locus::cli {
namespace {

constexpr int row_height = 24;
constexpr int axis_height = 50;
constexpr int line_height = 16;  // of a line's name, above the rows

Json data_of(const Forest& forest) {
  Json rows = Json::array(), seeds = Json::array();
  for (const ForestRow& row : forest.rows) {
    const bool known = std::isfinite(row.interval.low) && std::isfinite(row.interval.high);
    rows.push_back({{"name", row.name},
                    {"x", row.difference},
                    {"low", known ? row.interval.low : row.difference},
                    {"high", known ? row.interval.high : row.difference},
                    {"colour", row.colour},
                    {"verdict", row.verdict}});
    for (const double seed : row.seeds) {
      seeds.push_back({{"name", row.name}, {"x", seed}, {"colour", row.colour}});
    }
  }
  return Json::array({{{"name", "rows"}, {"values", std::move(rows)}},
                      {{"name", "seeds"}, {"values", std::move(seeds)}}});
}

Json at_row(double band = 0.5) { return {{"scale", "y"}, {"field", "name"}, {"band", band}}; }

Json mark(const char* type, const char* data, Json update) {
  Json made{{"type", type}};
  if (*data) made["from"] = {{"data", data}};
  made["encode"] = {{"update", std::move(update)}};
  return made;
}

Json margin_band(double margin) {
  return mark("rect", "",
              {{"x", {{"scale", "x"}, {"value", -margin}}},
               {"x2", {{"scale", "x"}, {"value", margin}}},
               {"y", {{"value", 0}}},
               {"y2", {{"signal", "height"}}},
               {"fill", {{"value", "#888"}}},
               {"fillOpacity", {{"value", 0.15}}}});
}

Json upright(Json x, bool dashed) {
  Json update{{"x", std::move(x)},
              {"y", {{"value", 0}}},
              {"y2", {{"signal", "height"}}},
              {"stroke", {{"value", "#888"}}}};
  if (dashed) update["strokeDash"] = {{"value", {4, 3}}};
  return mark("rule", "", std::move(update));
}

Json words_at(Json x, double y, const std::string& text, const char* align) {
  return mark("text", "",
              {{"x", std::move(x)},
               {"y", {{"value", y}}},
               {"align", {{"value", align}}},
               {"dx", {{"value", align == std::string("right") ? -4 : 4}}},
               {"fill", {{"value", "#888"}}},
               {"fontSize", {{"value", 11}}},
               {"text", {{"value", text}}}});
}

/// Lines within the frame are drawn; of those beyond it the number stands at the edge.
void add_lines(Json& marks, const Forest& forest, const Interval& domain) {
  double y = -6 - line_height * (static_cast<double>(forest.lines.size()) - 1);
  for (const ForestLine& line : forest.lines) {
    const std::string text = line.name + " " + signed_fixed(line.difference, 2);
    const bool right = line.difference > (domain.low + domain.high) / 2;
    const bool beyond = line.difference < domain.low || line.difference > domain.high;
    const Json edge = right ? Json{{"signal", "width"}} : Json{{"value", 0}};
    const Json x = beyond ? edge : Json{{"scale", "x"}, {"value", line.difference}};
    if (!beyond) marks.push_back(upright(x, true));
    const std::string arrow = right ? text + " \u2192" : "\u2190 " + text;
    marks.push_back(words_at(x, y, beyond ? arrow : text, right ? "right" : "left"));
    y += line_height;
  }
}

Json interval_marks() {
  const Json tip{{"signal",
                  "datum.name + ': ' + format(datum.x, '+.4f') + ' [' + format(datum.low, '+.4f') "
                  "+ ', ' + format(datum.high, '+.4f') + '] ' + datum.verdict"}};
  return Json::array({mark("rule", "rows",
                           {{"x", field("x", "low")},
                            {"x2", field("x", "high")},
                            {"y", at_row()},
                            {"stroke", {{"field", "colour"}}},
                            {"strokeWidth", {{"value", 2}}},
                            {"tooltip", tip}}),
                      mark("symbol", "seeds",
                           {{"x", field("x", "x")},
                            {"y", at_row(0.78)},
                            {"size", {{"value", 16}}},
                            {"fill", {{"field", "colour"}}},
                            {"fillOpacity", {{"value", 0.7}}}}),
                      mark("symbol", "rows",
                           {{"x", field("x", "x")},
                            {"y", at_row()},
                            {"size", {{"value", 60}}},
                            {"shape", {{"value", "square"}}},
                            {"fill", {{"field", "colour"}}},
                            {"tooltip", tip}})});
}

}  // namespace

Interval forest_domain(const Forest& forest) {
  Interval domain{-forest.margin, forest.margin};
  const auto hold = [&](double value) {
    if (!std::isfinite(value)) return;
    domain.low = std::min(domain.low, value);
    domain.high = std::max(domain.high, value);
  };
  for (const ForestRow& row : forest.rows) {
    for (const double value : {row.difference, row.interval.low, row.interval.high}) hold(value);
    for (const double seed : row.seeds) hold(seed);
  }
  const double room = 0.06 * std::max(domain.high - domain.low, 1e-6);
  return {domain.low - room, domain.high + room};
}

Json forest_chart(const Forest& forest) {
  Json names = Json::array();
  for (const ForestRow& row : forest.rows) names.push_back(row.name);
  const Interval domain = forest_domain(forest);
  Json marks =
      Json::array({margin_band(forest.margin), upright({{"scale", "x"}, {"value", 0}}, false)});
  add_lines(marks, forest, domain);
  for (Json& each : interval_marks()) marks.push_back(std::move(each));
  const int height = row_height * static_cast<int>(names.size()) + axis_height +
                     line_height * static_cast<int>(forest.lines.size());
  const Json x{{"name", "x"},   {"type", "linear"}, {"range", "width"},
               {"zero", false}, {"nice", false},    {"domain", {domain.low, domain.high}}};
  const Json y{{"name", "y"}, {"type", "band"}, {"range", "height"}, {"domain", std::move(names)}};
  return framed(height, {{"data", data_of(forest)},
                         {"scales", Json::array({x, y})},
                         {"axes", Json::array({{{"orient", "bottom"},
                                                {"scale", "x"},
                                                {"title", forest.x},
                                                {"grid", true},
                                                {"tickCount", 6},
                                                {"format", "+.3~f"},
                                                {"labelOverlap", true}},
                                               {{"orient", "left"},
                                                {"scale", "y"},
                                                {"domain", false},
                                                {"ticks", false},
                                                {"labelLimit", 150}}})},
                         {"marks", std::move(marks)}});
}

}  // namespace locus::cli
