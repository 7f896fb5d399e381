// The forest as a picture that stands alone, drawn without a browser.
#include <algorithm>
#include <cmath>

#include "tools/cli/report/forest_chart.hpp"
#include "tools/cli/report/page.hpp"

namespace locus::cli {
namespace {

constexpr double width = 760, label_width = 190, right_room = 16;
constexpr double row = 22, line_row = 15, bottom = 44;

std::string number(double value) { return fixed(value, 1); }

std::string tag(const std::string& name, const std::string& attributes) {
  return "<" + name + " " + attributes + "/>\n";
}

std::string text_at(double x, double y, const std::string& more, std::string_view text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + more + ">" + html_text(text) +
         "</text>\n";
}

std::string straight(double x1, double y1, double x2, double y2, const std::string& more) {
  return tag("line", "x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) +
                         "\" y2=\"" + number(y2) + "\" " + more);
}

/// Pixels of differences.
struct Scale {
  Interval domain;
  double at(double difference) const {
    return label_width + (difference - domain.low) / (domain.high - domain.low) *
                             (width - label_width - right_room);
  }
};

/// 1, 2 or 5 times a power of ten, so that about five fit.
double tick_step(const Interval& domain) {
  const double rough = (domain.high - domain.low) / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * power >= rough) return step * power;
  }
  return 10 * power;
}

std::string axis(const Scale& scale, double top, double end, const std::string& title) {
  std::string svg;
  const double step = tick_step(scale.domain);
  const int digits = std::max(0, static_cast<int>(-std::floor(std::log10(step))));
  for (double i = std::ceil(scale.domain.low / step); i * step <= scale.domain.high; ++i) {
    const double x = scale.at(i * step);
    svg += straight(x, top, x, end, "stroke=\"#ddd\"");
    svg += text_at(x, end + 14, "text-anchor=\"middle\"", signed_fixed(i * step, digits));
  }
  svg += straight(label_width, end, width - right_room, end, "stroke=\"#333\"");
  return svg + text_at((label_width + width) / 2, end + 34,
                       "text-anchor=\"middle\" font-weight=\"bold\"", title);
}

std::string row_svg(const ForestRow& each, const Scale& scale, double y) {
  std::string svg = text_at(label_width - 8, y + 4, "text-anchor=\"end\"", each.name);
  if (std::isfinite(each.interval.low) && std::isfinite(each.interval.high)) {
    svg += straight(scale.at(each.interval.low), y, scale.at(each.interval.high), y,
                    "stroke=\"" + each.colour + "\" stroke-width=\"2\"");
  }
  for (const double seed : each.seeds) {
    svg += tag("circle", "cx=\"" + number(scale.at(seed)) + "\" cy=\"" + number(y + 6) +
                             "\" r=\"2\" fill=\"" + each.colour + "\"");
  }
  return svg + tag("rect", "x=\"" + number(scale.at(each.difference) - 3.5) + "\" y=\"" +
                               number(y - 3.5) + "\" width=\"7\" height=\"7\" fill=\"" +
                               each.colour + "\"");
}

std::string line_svg(const ForestLine& line, const Scale& scale, double y, double end) {
  const std::string text = line.name + " " + signed_fixed(line.difference, 2);
  const bool right = line.difference > (scale.domain.low + scale.domain.high) / 2;
  const bool beyond = line.difference < scale.domain.low || line.difference > scale.domain.high;
  const double edge = right ? width - right_room : label_width;
  const double x = beyond ? edge : scale.at(line.difference);
  const std::string anchor =
      "fill=\"#777\" text-anchor=\"" + std::string(right ? "end" : "start") + "\"";
  const std::string arrow = right ? text + " \u2192" : "\u2190 " + text;
  std::string svg = text_at(right ? x - 4 : x + 4, y, anchor, beyond ? arrow : text);
  if (!beyond) svg += straight(x, y, x, end, "stroke=\"#777\" stroke-dasharray=\"4 3\"");
  return svg;
}

}  // namespace

std::string forest_svg(const Forest& forest) {
  const Scale scale{forest_domain(forest)};
  const double top = 12 + line_row * static_cast<double>(forest.lines.size());
  const double end = top + row * static_cast<double>(forest.rows.size());
  std::string svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(width) + " " +
      number(end + bottom) + "\" font-family=\"sans-serif\" font-size=\"12\">\n" +
      tag("rect", "width=\"100%\" height=\"100%\" fill=\"#fff\"") +
      tag("rect", "x=\"" + number(scale.at(-forest.margin)) + "\" y=\"" + number(top) +
                      "\" width=\"" + number(scale.at(forest.margin) - scale.at(-forest.margin)) +
                      "\" height=\"" + number(end - top) + "\" fill=\"#eee\"") +
      axis(scale, top, end, forest.x) +
      straight(scale.at(0), top, scale.at(0), end, "stroke=\"#777\"");
  double y = line_row;
  for (const ForestLine& line : forest.lines) {
    svg += line_svg(line, scale, y, end);
    y += line_row;
  }
  y = top + row / 2;
  for (const ForestRow& each : forest.rows) {
    svg += row_svg(each, scale, y);
    y += row;
  }
  return svg + "</svg>\n";
}

}  // namespace locus::cli
