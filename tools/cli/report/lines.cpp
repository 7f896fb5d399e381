#include <algorithm>
#include <cmath>

#include "tools/cli/report/palette.hpp"
#include "tools/cli/report/report.hpp"

namespace locus::cli {
namespace {

/// A line chart over rows {model, x, y, low, high}.
struct Axes {
  std::string x;
  std::string y;
  bool logarithmic = false;
};

Json axis(const std::string& orient, const std::string& scale, const std::string& title) {
  return {{"orient", orient},         {"scale", scale}, {"title", title},
          {"grid", orient == "left"}, {"tickCount", 6}, {"labelOverlap", true}};
}

Json scales(const Axes& axes, const std::vector<std::string>& models) {
  Json x{{"name", "x"},      {"type", axes.logarithmic ? "log" : "linear"},
         {"range", "width"}, {"domain", {{"data", "rows"}, {"field", "x"}}},
         {"nice", false},    {"zero", false}};
  if (axes.logarithmic) x["base"] = 2;
  Json y{{"name", "y"},       {"type", axes.logarithmic ? "log" : "linear"},
         {"range", "height"}, {"nice", !axes.logarithmic},
         {"zero", false},     {"domain", {{"data", "rows"}, {"fields", {"low", "high"}}}}};
  Json colour{
      {"name", "colour"}, {"type", "ordinal"}, {"domain", models}, {"range", Json::array()}};
  Json dash{{"name", "dash"}, {"type", "ordinal"}, {"domain", models}, {"range", Json::array()}};
  for (const std::string& model : models) {
    colour["range"].push_back(colour_of(model));
    dash["range"].push_back(dash_of(model));
  }
  return {x, y, colour, dash};
}

Json field(const std::string& scale, const std::string& name) {
  return {{"scale", scale}, {"field", name}};
}

Json marks() {
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
  return Json::array(
      {{{"type", "group"}, {"from", {{"facet", facet}}}, {"marks", Json::array({band, line})}}});
}

Json specification(const Axes& axes, const std::vector<std::string>& models, Json rows) {
  return {{"height", 300},
          {"padding", 5},
          {"autosize", {{"type", "fit"}, {"contains", "padding"}}},
          {"data", Json::array({{{"name", "rows"}, {"values", std::move(rows)}}})},
          {"scales", scales(axes, models)},
          {"axes", Json::array({axis("bottom", "x", axes.x), axis("left", "y", axes.y)})},
          {"legends", Json::array({{{"stroke", "colour"},
                                    {"strokeDash", "dash"},
                                    {"symbolType", "stroke"},
                                    {"orient", "bottom"},
                                    {"columns", 3},
                                    {"symbolStrokeWidth", 3}}})},
          {"marks", marks()}};
}

Json table_of(const std::vector<std::string>& columns, Json rows) {
  return {{"columns", columns}, {"rows", std::move(rows)}};
}

}  // namespace

std::vector<Chart> position_charts(const CompareResult& result) {
  std::vector<Chart> charts;
  for (const ComparedGroup& group : result.groups) {
    Json rows = Json::array(), table = Json::array();
    std::vector<std::string> models;
    for (const ComparedModel& model : group.models) {
      if (model.by_position.empty()) continue;
      models.push_back(model.name);
      for (const CurvePoint& point : model.by_position) {
        rows.push_back({{"model", model.name},
                        {"x", point.context + position_bucket / 2},
                        {"y", point.nll},
                        {"low", point.nll},
                        {"high", point.nll}});
        table.push_back({model.name, point.context, point.tokens, fixed(point.nll, 4)});
      }
    }
    if (models.empty()) continue;
    charts.push_back(
        {"Loss by position in the window",
         "Lower is better: a line that falls to the right belongs to a model that makes "
         "use of more context.",
         specification({"position in the window (tokens)", "loss (nats per token)"}, models,
                       std::move(rows)),
         table_of({"model", "from position", "tokens", "nats per token"}, std::move(table))});
  }
  return charts;
}

std::vector<Chart> length_charts(const CompareResult& result) {
  std::vector<Chart> charts;
  for (const ComparedGroup& group : result.groups) {
    Json rows = Json::array(), table = Json::array();
    std::vector<std::string> models;
    for (const ComparedModel& model : group.models) {
      if (model.by_length.empty()) continue;
      models.push_back(model.name);
      for (const LengthPoint& point : model.by_length) {
        rows.push_back({{"model", model.name},
                        {"x", point.length},
                        {"y", std::exp(point.nll)},
                        {"low", std::exp(point.interval.low)},
                        {"high", std::exp(point.interval.high)}});
        table.push_back({model.name, point.length, point.tokens, fixed(std::exp(point.nll), 2),
                         fixed(std::exp(point.interval.low), 2),
                         fixed(std::exp(point.interval.high), 2)});
      }
    }
    if (models.empty()) continue;
    charts.push_back(
        {"Perplexity against evaluation length",
         "The same target tokens with more and more text before them: a line that rises "
         "past the training length belongs to an encoding that does not extrapolate; one "
         "that ends there cannot represent more positions.",
         specification({"context of the evaluation (tokens)", "perplexity", true}, models,
                       std::move(rows)),
         table_of({"model", "context", "tokens", "perplexity", "95 % from", "to"},
                  std::move(table))});
  }
  return charts;
}

}  // namespace locus::cli
