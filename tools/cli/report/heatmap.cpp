#include "tools/cli/report/heatmap.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "tools/cli/report/vega.hpp"

namespace locus::cli {
namespace {

/// Values to five digits of the largest: a page holds many of them.
Json rounded(std::span<const float> values, float extreme) {
  const double digits = extreme > 0 ? 4 - std::floor(std::log10(extreme)) : 0;
  const double power = std::pow(10.0, digits);
  Json list = Json::array();
  for (const float value : values) list.push_back(std::round(value * power) / power);
  return list;
}

}  // namespace

Json heatmap_chart(const Heatmap& map) {
  const int64_t rows = map.values.shape()[0], columns = map.values.shape()[1];
  float extreme = 0;
  for (const float value : map.values.values()) extreme = std::max(extreme, std::abs(value));
  const Json grid{
      {"width", columns}, {"height", rows}, {"values", rounded(map.values.values(), extreme)}};
  const Json colour{{"name", "colour"},
                    {"type", "linear"},
                    {"domain", {-extreme, 0, extreme}},
                    {"range", {"#0b3c8c", "#f7f7f7", "#b35806"}}};
  const Json image{{"type", "image"},
                   {"from", {{"data", "grid"}}},
                   {"encode",
                    {{"update",
                      {{"image", {{"field", "image"}}},
                       {"x", {{"value", 0}}},
                       {"y", {{"value", 0}}},
                       {"width", {{"signal", "width"}}},
                       {"height", {{"signal", "height"}}},
                       {"aspect", {{"value", false}}},
                       {"smooth", {{"value", false}}}}}}}};
  const Json heat{
      {"type", "heatmap"}, {"color", {{"expr", "scale('colour', datum.$value)"}}}, {"opacity", 1}};
  const auto axis = [](const char* orient, const char* scale, std::string_view title) {
    return Json{{"orient", orient}, {"scale", scale},    {"title", title},   {"tickCount", 5},
                {"format", "d"},    {"titlePadding", 8}, {"tickMinStep", 1}, {"minExtent", 24}};
  };
  // A number stands in the middle of its cell.
  const auto cells = [](int64_t first, int64_t count, int64_t step) {
    const auto number = static_cast<double>(first), width = static_cast<double>(step);
    return Json{number - width / 2, number + (static_cast<double>(count) - 0.5) * width};
  };
  return framed(
      180, {{"data", Json::array({{{"name", "grid"},
                                   {"values", Json::array({grid})},
                                   {"transform", Json::array({heat})}}})},
            {"scales", Json::array({{{"name", "x"},
                                     {"type", "linear"},
                                     {"range", "width"},
                                     {"nice", false},
                                     {"zero", false},
                                     {"domain", cells(map.first_column, columns, map.column_step)}},
                                    {{"name", "y"},
                                     {"type", "linear"},
                                     {"range", Json::array({0, {{"signal", "height"}}})},
                                     {"nice", false},
                                     {"zero", false},
                                     {"domain", cells(0, rows, map.row_step)}},
                                    colour})},
            {"axes", Json::array({axis("bottom", "x", map.x), axis("left", "y", map.y)})},
            {"legends", Json::array({{{"fill", "colour"},
                                      {"type", "gradient"},
                                      {"orient", "right"},
                                      {"gradientLength", 120},
                                      {"format", ".2~g"},
                                      {"tickCount", 3}}})},
            {"marks", Json::array({image})}});
}

Json heatmap_table(const Heatmap& map) {
  Json columns = Json::array({""}), names = Json::array();
  for (int64_t column = 0; column < map.values.shape()[1]; ++column) {
    columns.push_back(std::to_string(map.first_column + column * map.column_step));
  }
  for (int64_t row = 0; row < map.values.shape()[0]; ++row) {
    names.push_back(std::to_string(row * map.row_step));
  }
  return {{"columns", std::move(columns)}, {"names", std::move(names)}};
}

}  // namespace locus::cli
