#include <cmath>
#include <map>

#include "tools/cli/report/palette.hpp"
#include "tools/cli/report/report.hpp"
#include "tools/cli/report/resources.hpp"
#include "tools/cli/report/words.hpp"

namespace locus::cli {
namespace {

std::string html_text(std::string_view text) {
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

/// The template with every place in double braces filled.
std::string filled(std::string_view page, const std::map<std::string_view, std::string>& places) {
  std::string text;
  for (size_t open = page.find("{{"); open != std::string_view::npos; open = page.find("{{")) {
    const size_t close = page.find("}}", open);
    text += page.substr(0, open);
    text += places.at(page.substr(open + 2, close - open - 2));
    page.remove_prefix(close + 2);
  }
  return text.append(page);
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

std::string verdict_of(const ComparedModel& model, const ComparedGroup& group,
                       const ReportWords& words) {
  if (model.name == group.baseline) return std::string(words.baseline);
  if (!model.comparison) return std::string(words.not_comparable);
  const Comparison& c = *model.comparison;
  return "<span class=\"" + std::string(c.difference < 0 ? "down" : "up") + "\">" +
         verdict_word(c.verdict, words) + "</span><br><small>" + (c.difference < 0 ? "" : "+") +
         fixed(c.difference, 3) + " [" + fixed(c.interval.low, 3) + ", " +
         fixed(c.interval.high, 3) + "], p = " + fixed(c.adjusted_p, 3) + "</small>";
}

std::string row_of(const ComparedModel& model, const ComparedGroup& group,
                   const ReportWords& words) {
  return "<tr><th scope=\"row\"><span class=\"swatch\" style=\"background:" +
         colour_of(model.encoding) + "\"></span>" + html_text(model.name) + "</th>" +
         cell(html_text(model.encoding)) + number_cell(model.summary.perplexity, 2) +
         bits_cell(model) + number_cell(100 * model.summary.top1, 1) +
         number_cell(100 * model.summary.top5, 1) +
         number_cell(static_cast<double>(model.summary.tokens), 0) +
         number_cell(static_cast<double>(model.parameters), 0) +
         cell(verdict_of(model, group, words)) + "</tr>\n";
}

std::string group_table(const ComparedGroup& group, const ReportWords& words) {
  const std::string metric = metric_word(group.models.front().task, words);
  std::string html = "<h3>" + html_text(metric) +
                     "</h3>\n<div class=\"scroll\"><table class=\"sortable\"><thead><tr>";
  for (const std::string_view title :
       {words.model, words.encoding, std::string_view(metric), words.bits_per_byte, words.top1,
        words.top5, words.tokens, words.parameters}) {
    html += "<th scope=\"col\">" + html_text(title) + "</th>";
  }
  html += "<th scope=\"col\">" + html_text(std::string(words.against) + group.baseline) +
          "</th></tr></thead><tbody>\n";
  for (const ComparedModel& model : group.models) html += row_of(model, group, words);
  return html + "</tbody></table></div>\n";
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
  const ReportWords& words = words_of(options.language);
  std::string tables;
  for (const ComparedGroup& group : result.groups) tables += group_table(group, words);
  const Json charts{{"numbers", words.numbers},
                    {"position", chart_list(position_charts(result, words))},
                    {"length", chart_list(length_charts(result, words))},
                    {"encoding", chart_list(encoding_charts(result, words))}};
  Json files = Json::object();
  for (const ComparedGroup& group : result.groups) {
    for (const ComparedModel& model : group.models) files[model.name] = model.files;
  }
  const auto text = [](std::string_view plain) { return html_text(plain); };
  return filled(report_template(),
                {{"language", text(words.language)},
                 {"title", text(words.title)},
                 {"style", std::string(report_style())},
                 {"verdict", text(verdict_sentence(result, words))},
                 {"extent", std::to_string(result.documents.size()) + text(words.documents) +
                                grouped(result.bytes) + text(words.bytes)},
                 {"introduction", text(words.introduction)},
                 {"results", text(words.results)},
                 {"results_note", text(words.results_note)},
                 {"tables", tables},
                 {"length", text(words.length)},
                 {"position", text(words.position)},
                 {"encodings", text(words.encodings)},
                 {"controls", text(words.controls)},
                 {"settings", text(words.settings)},
                 {"settings_json", html_text(comparison_json(result, options)["settings"].dump(2))},
                 {"files", text(words.files)},
                 {"files_json", html_text(files.dump(2))},
                 {"charts", embedded(charts)},
                 {"vega", std::string(vega_bundle())},
                 {"script", std::string(report_script())}});
}

}  // namespace locus::cli
