#include <cmath>

#include "tools/cli/report/palette.hpp"
#include "tools/cli/report/report.hpp"
#include "tools/cli/report/resources.hpp"

namespace locus::cli {
namespace {

std::string escaped(std::string_view text) {
  std::string html;
  for (char letter : text) {
    switch (letter) {
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '&':
        html += "&amp;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += letter;
    }
  }
  return html;
}

/// JSON that may stand in a script element.
std::string embedded(const Json& json) {
  std::string text = json.dump(), safe;
  for (char letter : text) {
    if (letter == '<')
      safe += "\\u003c";
    else
      safe += letter;
  }
  return safe;
}

void replace(std::string& page, const std::string& place, std::string_view content) {
  const size_t at = page.find("{{" + place + "}}");
  if (at != std::string::npos) page.replace(at, place.size() + 4, content);
}

std::string cell(const std::string& text, const std::string& sort = "") {
  return "<td" + (sort.empty() ? "" : " data-sort=\"" + sort + "\"") + ">" + text + "</td>";
}

std::string number_cell(double value, int digits) {
  return cell(fixed(value, digits), significant(value, 9));
}

std::string bits_cell(const ComparedModel& model) {
  const double bits = model.summary.bits_per_byte.value_or(NAN);
  return cell(fixed(bits, 3) + " <small>[" + fixed(model.bits_per_byte.low, 3) + ", " +
                  fixed(model.bits_per_byte.high, 3) + "]</small>",
              significant(bits, 9));
}

std::string verdict_of(const ComparedModel& model, const ComparedGroup& group) {
  if (model.name == group.baseline) return "baseline";
  if (!model.comparison) return "not comparable";
  const Comparison& c = *model.comparison;
  return "<span class=\"" + std::string(c.difference < 0 ? "down" : "up") + "\">" +
         to_string(c.verdict) + "</span><br><small>" + (c.difference < 0 ? "" : "+") +
         fixed(c.difference, 3) + " [" + fixed(c.interval.low, 3) + ", " +
         fixed(c.interval.high, 3) + "], p = " + fixed(c.adjusted_p, 3) + "</small>";
}

std::string row_of(const ComparedModel& model, const ComparedGroup& group) {
  return "<tr><th scope=\"row\"><span class=\"swatch\" style=\"background:" +
         colour_of(model.name) + "\"></span>" + escaped(model.name) + "</th>" +
         cell(escaped(model.encoding)) + number_cell(model.summary.perplexity, 2) +
         bits_cell(model) + number_cell(100 * model.summary.top1, 1) +
         number_cell(100 * model.summary.top5, 1) +
         number_cell(static_cast<double>(model.summary.tokens), 0) +
         number_cell(static_cast<double>(model.parameters), 0) + cell(verdict_of(model, group)) +
         "</tr>\n";
}

std::string group_table(const ComparedGroup& group) {
  std::string html = "<h3>" + escaped(group.metric) +
                     "</h3>\n<div class=\"scroll\"><table class=\"sortable\"><thead><tr>";
  for (const std::string& title :
       {std::string("model"), std::string("encoding"), group.metric,
        std::string("bits per byte [95 %]"), std::string("top 1 %"), std::string("top 5 %"),
        std::string("tokens"), std::string("parameters"), "against " + group.baseline}) {
    html += "<th scope=\"col\">" + escaped(title) + "</th>";
  }
  html += "</tr></thead><tbody>\n";
  for (const ComparedModel& model : group.models) html += row_of(model, group);
  return html + "</tbody></table></div>\n";
}

std::string verdict_sentence(const CompareResult& result) {
  std::string text;
  for (const ComparedGroup& group : result.groups) {
    if (group.models.size() < 2) continue;
    const ComparedModel& best = group.models.front();
    text += "By " + group.metric + ", " + best.name + " predicts this text best (" +
            fixed(best.summary.bits_per_byte.value_or(NAN), 3) + " bits per byte); against " +
            group.baseline + " it is " +
            (best.name == group.baseline ? "the baseline itself"
             : best.comparison           ? to_string(best.comparison->verdict)
                                         : "not comparable") +
            ". ";
  }
  return text.empty() ? "One model in each group: there is nothing to compare it with." : text;
}

Json chart_list(const std::vector<Chart>& charts) {
  Json list = Json::array();
  for (const Chart& chart : charts) {
    list.push_back({{"title", chart.title},
                    {"reading", chart.reading},
                    {"specification", chart.specification},
                    {"table", chart.table}});
  }
  return list;
}

}  // namespace

std::string report_page(const CompareResult& result, const CompareOptions& options) {
  std::string tables;
  for (const ComparedGroup& group : result.groups) tables += group_table(group);
  const Json charts{{"position", chart_list(position_charts(result))},
                    {"length", chart_list(length_charts(result))},
                    {"encoding", chart_list(encoding_charts(result))}};
  std::string page(report_template());
  replace(page, "style", report_style());
  replace(page, "verdict", escaped(verdict_sentence(result)));
  replace(
      page, "extent",
      std::to_string(result.documents.size()) + " documents, " + grouped(result.bytes) + " bytes");
  replace(page, "tables", tables);
  replace(page, "controls", escaped(comparison_json(result, options)["settings"].dump(2)));
  Json files = Json::object();
  for (const ComparedGroup& group : result.groups) {
    for (const ComparedModel& model : group.models) files[model.name] = model.files;
  }
  replace(page, "files", escaped(files.dump(2)));
  replace(page, "charts", embedded(charts));
  replace(page, "vega", vega_bundle());
  replace(page, "script", report_script());
  return page;
}

}  // namespace locus::cli
