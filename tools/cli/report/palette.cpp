#include "tools/cli/report/palette.hpp"

#include <array>

namespace locus::cli {
namespace {

struct Style {
  std::string_view scheme;
  std::string_view colour;
  std::array<int, 2> dash;
};

constexpr std::array styles{
    Style{"rope", "#0072B2", {1, 0}},       Style{"roformer", "#0072B2", {1, 0}},
    Style{"alibi", "#D55E00", {1, 0}},      Style{"learned", "#009E73", {1, 0}},
    Style{"bert", "#009E73", {1, 0}},       Style{"t5", "#CC79A7", {1, 0}},
    Style{"sinusoidal", "#E69F00", {6, 3}}, Style{"none", "#767676", {2, 3}},
    Style{"shaw", "#56B4E9", {8, 2}},       Style{"nezha", "#8C6D1F", {8, 2}},
};
constexpr Style unknown{"", "#5B4B8A", {4, 4}};

const Style& style_of(std::string_view model) {
  for (const Style& style : styles) {
    if (model.find(style.scheme) != std::string_view::npos) return style;
  }
  return unknown;
}

}  // namespace

std::string colour_of(std::string_view model) { return std::string(style_of(model).colour); }

std::vector<int> dash_of(std::string_view model) {
  const Style& style = style_of(model);
  return {style.dash[0], style.dash[1]};
}

}  // namespace locus::cli
