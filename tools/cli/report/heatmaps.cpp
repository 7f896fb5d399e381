#include <algorithm>
#include <cmath>

#include "tools/cli/report/report.hpp"

namespace locus::cli {
namespace {

/// An image whose colours run from blue over white to orange, with 0 in the middle.
Json specification(const EncodingPicture& picture, const PictureWords& words) {
  const int64_t rows = picture.values.shape()[0], columns = picture.values.shape()[1];
  float extreme = 0;
  Json values = Json::array();
  for (float value : picture.values.values()) {
    extreme = std::max(extreme, std::abs(value));
    values.push_back(std::round(value * 1e4f) / 1e4);
  }
  const Json grid{{"width", columns}, {"height", rows}, {"values", std::move(values)}};
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
    return Json{
        {"orient", orient}, {"scale", scale}, {"title", title}, {"tickCount", 5}, {"format", "d"}};
  };
  return {{"height", 180},
          {"padding", 5},
          {"autosize", {{"type", "fit"}, {"contains", "padding"}}},
          {"data", Json::array({{{"name", "grid"},
                                 {"values", Json::array({grid})},
                                 {"transform", Json::array({heat})}}})},
          {"scales",
           Json::array({{{"name", "x"},
                         {"type", "linear"},
                         {"range", "width"},
                         {"nice", false},
                         {"zero", false},
                         {"domain", {picture.first_column, picture.first_column + columns - 1}}},
                        {{"name", "y"},
                         {"type", "linear"},
                         {"range", Json::array({0, {{"signal", "height"}}})},
                         {"nice", false},
                         {"zero", false},
                         {"domain", {0, std::max<int64_t>(1, rows - 1)}}},
                        colour})},
          {"axes", Json::array({axis("bottom", "x", words.x), axis("left", "y", words.y)})},
          {"legends", Json::array({{{"fill", "colour"},
                                    {"type", "gradient"},
                                    {"orient", "right"},
                                    {"gradientLength", 120},
                                    {"format", ".2~g"},
                                    {"tickCount", 3}}})},
          {"marks", Json::array({image})}};
}

/// The first rows and columns, for those who cannot see the picture.
Json table_of(const EncodingPicture& picture) {
  constexpr int64_t most = 8;
  Json columns = Json::array({""}), rows = Json::array();
  const int64_t shown = std::min(most, picture.values.shape()[1]);
  for (int64_t column = 0; column < shown; ++column) {
    columns.push_back(std::to_string(picture.first_column + column));
  }
  const ConstView values = picture.values.view();
  for (int64_t row = 0; row < std::min(most, values.size(0)); ++row) {
    Json cells = Json::array({std::to_string(row)});
    for (int64_t column = 0; column < shown; ++column)
      cells.push_back(fixed(values(row, column), 4));
    rows.push_back(std::move(cells));
  }
  return {{"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

}  // namespace

std::vector<Chart> encoding_charts(const CompareResult& result, const ReportWords& words) {
  std::vector<Chart> charts;
  for (const ComparedGroup& group : result.groups) {
    for (const ComparedModel& model : group.models) {
      const PictureWords picture = picture_words(model.picture.kind, words);
      Chart chart{model.name + ": " + model.encoding, std::string(picture.reading), {}, {}};
      if (model.picture.kind != EncodingPicture::Kind::nothing) {
        chart.specification = specification(model.picture, picture);
        chart.table = table_of(model.picture);
      }
      charts.push_back(std::move(chart));
    }
  }
  return charts;
}

}  // namespace locus::cli
