#include "tools/cli/report/page.hpp"

#include <map>

#include "tools/cli/report/resources.hpp"

namespace locus::cli {
namespace {

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

Json labels_of(const PageLabels& labels) {
  return {{"numbers", labels.numbers},
          {"picture", labels.picture},
          {"download", labels.download},
          {"all", labels.all}};
}

std::string section_html(const Section& section, size_t number) {
  std::string html = "<section>";
  if (!section.title.empty()) html += "<h2>" + html_text(section.title) + "</h2>\n";
  html += section.html;
  if (!section.charts.empty()) {
    html += "<div id=\"charts-" + std::to_string(number) + "\"" +
            (section.multiples ? " class=\"multiples\"" : "") + "></div>\n";
  }
  return html + "</section>\n";
}

}  // namespace

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

std::string details_html(std::string_view summary, const Json& content) {
  return "<details><summary>" + html_text(summary) + "</summary><pre>" +
         html_text(content.dump(2)) + "</pre></details>\n";
}

std::string page_html(const Page& page) {
  std::string sections;
  Json charts = Json::array();
  for (const Section& section : page.sections) {
    if (section.html.empty() && section.charts.empty()) continue;
    sections += section_html(section, charts.size());
    charts.push_back(chart_list(section.charts));
  }
  return filled(report_template(),
                {{"language", html_text(page.language)},
                 {"title", html_text(page.title)},
                 {"style", std::string(report_style())},
                 {"lead", html_text(page.lead)},
                 {"introduction", html_text(page.introduction)},
                 {"sections", sections},
                 {"charts", embedded({{"labels", labels_of(page.labels)}, {"sections", charts}})},
                 {"vega", std::string(vega_bundle())},
                 {"script", std::string(report_script())}});
}

}  // namespace locus::cli
