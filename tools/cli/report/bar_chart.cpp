#include "tools/cli/report/bar_chart.hpp"

#include "tools/cli/report/vega.hpp"

namespace locus::cli {
namespace {

constexpr int bar_height = 18;
constexpr int axis_and_legend = 130;

Json rows_of(const StackedBars& chart) {
  Json rows = Json::array();
  for (size_t bar = 0; bar < chart.bars.size(); ++bar) {
    double begin = 0;
    for (size_t part = 0; part < chart.parts.size(); ++part) {
      const double share =
          chart.shares.view()(static_cast<int64_t>(bar), static_cast<int64_t>(part));
      rows.push_back({{"bar", chart.bars[bar]},
                      {"part", chart.parts[part]},
                      {"begin", begin},
                      {"end", begin + share}});
      begin += share;
    }
  }
  return rows;
}

}  // namespace

Json bar_chart(const StackedBars& chart) {
  const Json scales =
      Json::array({{{"name", "x"}, {"type", "linear"}, {"range", "width"}, {"domain", {0, 1}}},
                   {{"name", "y"},
                    {"type", "band"},
                    {"range", "height"},
                    {"padding", 0.15},
                    {"domain", chart.bars}},
                   {{"name", "part"},
                    {"type", "ordinal"},
                    {"domain", chart.parts},
                    {"range", {{"scheme", "viridis"}, {"count", chart.parts.size()}}}}});
  const Json mark{{"type", "rect"},
                  {"from", {{"data", "rows"}}},
                  {"encode",
                   {{"update",
                     {{"x", field("x", "begin")},
                      {"x2", field("x", "end")},
                      {"y", field("y", "bar")},
                      {"height", {{"scale", "y"}, {"band", 1}}},
                      {"fill", field("part", "part")}}}}}};
  return framed(bar_height * static_cast<int>(chart.bars.size()) + axis_and_legend,
                {{"data", Json::array({{{"name", "rows"}, {"values", rows_of(chart)}}})},
                 {"scales", scales},
                 {"axes", Json::array({{{"orient", "bottom"}, {"scale", "x"}, {"format", "%"}},
                                       {{"orient", "left"}, {"scale", "y"}}})},
                 {"legends", Json::array({{{"fill", "part"},
                                           {"title", chart.part},
                                           {"orient", "bottom"},
                                           {"direction", "horizontal"},
                                           {"columns", 4}}})},
                 {"marks", Json::array({mark})}});
}

Json bar_table(const StackedBars& chart) {
  Json columns = Json::array({chart.bar}), rows = Json::array();
  for (const std::string& part : chart.parts) columns.push_back(part);
  for (size_t bar = 0; bar < chart.bars.size(); ++bar) {
    Json row = Json::array({chart.bars[bar]});
    for (size_t part = 0; part < chart.parts.size(); ++part) {
      row.push_back(
          fixed(chart.shares.view()(static_cast<int64_t>(bar), static_cast<int64_t>(part)), 4));
    }
    rows.push_back(std::move(row));
  }
  return {{"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

}  // namespace locus::cli
