#include "tools/cli/report/palette.hpp"

#include <array>

namespace locus::cli {
namespace {

struct Style {
  std::string_view encoding;  // how its text begins
  std::string_view colour;
  std::array<int, 2> dash;
};

// Schemes of a kind share a colour and differ in their dashes. The first that fits counts.
constexpr std::array styles{
    Style{"none", "#767676", {2, 3}},
    Style{"learned", "#009E73", {1, 0}},
    Style{"hierarchical", "#009E73", {8, 3}},
    Style{"normalised_index", "#009E73", {2, 3}},
    Style{"sinusoidal:exponent=doubled", "#E69F00", {2, 3}},
    Style{"sinusoidal", "#E69F00", {1, 0}},
    Style{"weighted_mix", "#E69F00", {8, 3}},
    Style{"concatenation", "#E69F00", {4, 6}},
    Style{"t5", "#CC79A7", {1, 0}},
    Style{"alibi", "#D55E00", {1, 0}},
    Style{"kerple", "#D55E00", {6, 3}},
    Style{"fire", "#D55E00", {2, 3}},
    Style{"window", "#CC79A7", {6, 3}},
    Style{"shaw", "#56B4E9", {1, 0}},
    Style{"relative_key", "#56B4E9", {2, 3}},
    Style{"nezha", "#56B4E9", {6, 3}},
    Style{"transformer_xl", "#8C6D1F", {1, 0}},
    Style{"disentangled", "#8C6D1F", {6, 3}},
    Style{"rope:dimensions", "#0072B2", {2, 3}},
    Style{"rope:pairing=half", "#0072B2", {1, 0}},
    Style{"rope", "#0072B2", {6, 3}},
};
constexpr Style unknown{"", "#5B4B8A", {4, 4}};

const Style& style_of(std::string_view encoding) {
  for (const Style& style : styles) {
    if (encoding.starts_with(style.encoding)) return style;
  }
  return unknown;
}

}  // namespace

std::string colour_of(std::string_view encoding) { return std::string(style_of(encoding).colour); }

std::vector<int> dash_of(std::string_view encoding) {
  const Style& style = style_of(encoding);
  return {style.dash[0], style.dash[1]};
}

}  // namespace locus::cli
