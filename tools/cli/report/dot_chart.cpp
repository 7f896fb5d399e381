#include "tools/cli/report/dot_chart.hpp"

#include "tools/cli/report/vega.hpp"

namespace locus::cli {
namespace {

constexpr int row_height = 24;
constexpr int axis_height = 50;

Json dot_rows(const std::vector<Dot>& dots) {
  Json rows = Json::array();
  for (const Dot& dot : dots) {
    rows.push_back({{"row", dot.row},
                    {"name", dot.name},
                    {"x", dot.value},
                    {"colour", dot.colour},
                    {"fill", dot.ring ? "transparent" : dot.colour},
                    {"size", dot.ring ? 110 : 40}});
  }
  return rows;
}

Json dot_mark() {
  return {{"type", "symbol"},
          {"from", {{"data", "dots"}}},
          {"encode",
           {{"update",
             {{"x", field("x", "x")},
              {"y", {{"scale", "y"}, {"field", "row"}, {"band", 0.5}}},
              {"size", {{"field", "size"}}},
              {"fill", {{"field", "fill"}}},
              {"stroke", {{"field", "colour"}}},
              {"strokeWidth", {{"value", 2}}},
              {"tooltip", {{"signal", "datum.name + ': ' + format(datum.x, '.4f')"}}}}}}}};
}

}  // namespace

Json dot_chart(const std::vector<Dot>& dots, std::string_view axis) {
  Json names = Json::array();
  for (const Dot& dot : dots) {
    if (names.empty() || names.back() != dot.row) names.push_back(dot.row);
  }
  const int height = row_height * static_cast<int>(names.size()) + axis_height;
  const Json x{{"name", "x"},   {"type", "linear"}, {"range", "width"},
               {"zero", false}, {"nice", true},     {"domain", {{"data", "dots"}, {"field", "x"}}}};
  const Json y{{"name", "y"}, {"type", "band"}, {"range", "height"}, {"domain", std::move(names)}};
  return framed(
      height,
      {{"data", Json::array({{{"name", "dots"}, {"values", dot_rows(dots)}}})},
       {"scales", Json::array({x, y})},
       {"axes",
        Json::array({{{"orient", "bottom"},
                      {"scale", "x"},
                      {"title", axis},
                      {"grid", true},
                      {"tickCount", 6},
                      {"labelOverlap", true}},
                     {{"orient", "left"}, {"scale", "y"}, {"domain", false}, {"ticks", false}}})},
       {"marks", Json::array({dot_mark()})}});
}

}  // namespace locus::cli
