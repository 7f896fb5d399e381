#include "tools/cli/report/arrow_chart.hpp"

#include "tools/cli/report/vega.hpp"

namespace locus::cli {
namespace {

Json scale(const char* name, const char* range, const char* from, const char* to) {
  return {{"name", name},   {"type", "linear"},
          {"range", range}, {"nice", true},
          {"zero", false},  {"domain", {{"data", "rows"}, {"fields", {from, to}}}}};
}

Json mark(const char* type, Json update) {
  return {
      {"type", type}, {"from", {{"data", "rows"}}}, {"encode", {{"update", std::move(update)}}}};
}

}  // namespace

Json arrow_chart(const std::vector<Arrow>& arrows) {
  Json rows = Json::array();
  for (const Arrow& arrow : arrows) {
    rows.push_back({{"word", arrow.word},
                    {"x", arrow.from_x},
                    {"y", arrow.from_y},
                    {"x2", arrow.to_x},
                    {"y2", arrow.to_y}});
  }
  const Json line = mark("rule", {{"x", field("x", "x")},
                                  {"y", field("y", "y")},
                                  {"x2", field("x", "x2")},
                                  {"y2", field("y", "y2")},
                                  {"stroke", {{"value", "#999"}}}});
  const Json before = mark("symbol", {{"x", field("x", "x")},
                                      {"y", field("y", "y")},
                                      {"size", {{"value", 24}}},
                                      {"fill", {{"value", "#999"}}}});
  const Json after = mark("text", {{"x", field("x", "x2")},
                                   {"y", field("y", "y2")},
                                   {"text", {{"field", "word"}}},
                                   {"align", {{"value", "center"}}},
                                   {"baseline", {{"value", "middle"}}},
                                   {"fill", {{"value", "#D55E00"}}}});
  const auto axis = [](const char* orient, const char* scale) {
    return Json{{"orient", orient}, {"scale", scale}, {"tickCount", 5}, {"grid", true}};
  };
  return framed(
      320,
      {{"data", Json::array({{{"name", "rows"}, {"values", std::move(rows)}}})},
       {"scales", Json::array({scale("x", "width", "x", "x2"), scale("y", "height", "y", "y2")})},
       {"axes", Json::array({axis("bottom", "x"), axis("left", "y")})},
       {"marks", Json::array({line, before, after})}});
}

Json arrow_table(const std::vector<Arrow>& arrows) {
  Json rows = Json::array();
  for (const auto& [word, x, y, x2, y2] : arrows) {
    rows.push_back({word, fixed(x, 3), fixed(y, 3), fixed(x2, 3), fixed(y2, 3)});
  }
  return {{"columns", {"", "x before", "y before", "x after", "y after"}},
          {"rows", std::move(rows)}};
}

}  // namespace locus::cli
