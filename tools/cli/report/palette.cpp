#include "tools/cli/report/palette.hpp"

#include <array>

namespace locus::cli {
namespace {

struct Style {
  std::string_view encoding;  // how its text begins
  std::string_view colour;
  std::array<int, 2> dash;
  std::string_view family;
};

// Schemes of a kind share a colour and differ in their dashes. The first that fits counts.
constexpr std::array styles{
    Style{"none", "#767676", {2, 3}, "none"},
    Style{"learned", "#009E73", {1, 0}, "added rows"},
    Style{"hierarchical", "#009E73", {8, 3}, "added rows"},
    Style{"normalised_index", "#009E73", {2, 3}, "added rows"},
    Style{"sinusoidal:exponent=doubled", "#E69F00", {2, 3}, "added rows"},
    Style{"sinusoidal", "#E69F00", {1, 0}, "added rows"},
    Style{"weighted_mix", "#E69F00", {8, 3}, "added rows"},
    Style{"concatenation", "#E69F00", {4, 6}, "added rows"},
    Style{"t5", "#CC79A7", {1, 0}, "bias"},
    Style{"alibi", "#D55E00", {1, 0}, "bias"},
    Style{"kerple", "#D55E00", {6, 3}, "bias"},
    Style{"fire", "#D55E00", {2, 3}, "bias"},
    Style{"window", "#CC79A7", {6, 3}, "bias"},
    Style{"shaw", "#56B4E9", {1, 0}, "relative vectors"},
    Style{"relative_key", "#56B4E9", {2, 3}, "relative vectors"},
    Style{"nezha", "#56B4E9", {6, 3}, "relative vectors"},
    Style{"transformer_xl", "#8C6D1F", {1, 0}, "relative vectors"},
    Style{"disentangled", "#8C6D1F", {6, 3}, "relative vectors"},
    Style{"rope:dimensions", "#0072B2", {2, 3}, "rotation"},
    Style{"rope:pairing=half", "#0072B2", {1, 0}, "rotation"},
    Style{"rope", "#0072B2", {6, 3}, "rotation"},
};
constexpr Style unknown{"", "#5B4B8A", {4, 4}, "other"};

const Style& style_of(std::string_view encoding) {
  for (const Style& style : styles) {
    if (encoding.starts_with(style.encoding)) return style;
  }
  return unknown;
}

}  // namespace

std::string colour_of(std::string_view encoding) { return std::string(style_of(encoding).colour); }

std::string family_of(std::string_view encoding) { return std::string(style_of(encoding).family); }

std::vector<int> dash_of(std::string_view encoding) {
  const Style& style = style_of(encoding);
  return {style.dash[0], style.dash[1]};
}

}  // namespace locus::cli
