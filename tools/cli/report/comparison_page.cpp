#include "tools/cli/report/comparison_page.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "tools/cli/report/palette.hpp"
#include "tools/cli/verbs/compare/seeds.hpp"

namespace locus::cli {
namespace {

std::string cell(const std::string& text, const std::string& sort = "") {
  return "<td" + (sort.empty() ? "" : " data-sort=\"" + sort + "\"") + ">" + text + "</td>";
}

std::string number_cell(double value, int digits) {
  return cell(fixed(value, digits), significant(value, 9));
}

std::string bits_cell(const ComparedModel& model) {
  const double bits = model.summary.bits_per_byte.value_or(NAN);
  return cell(fixed(bits, 3) + " <small>" + interval_text(model.bits_per_byte) + "</small>",
              significant(bits, 9));
}

std::string verdict_of(const ComparedModel& model, const ComparedGroup& group,
                       const ReportWords& words) {
  if (model.name == group.baseline) return std::string(words.baseline);
  if (!model.comparison) return std::string(words.not_comparable);
  const Comparison& c = *model.comparison;
  return "<span class=\"" + std::string(c.difference < 0 ? "down" : "up") + "\">" +
         verdict_word(c.verdict, words) + (may_be_luck(model, group) ? " *" : "") +
         "</span><br><small>" + (c.difference < 0 ? "" : "+") + fixed(c.difference, 3) + " [" +
         fixed(c.interval.low, 3) + ", " + fixed(c.interval.high, 3) + "], p " +
         (c.adjusted_p < 0.001 ? "&lt; 0.001" : "= " + fixed(c.adjusted_p, 3)) + "</small>";
}

/// A line may break behind each parameter.
std::string encoding_cell(const std::string& encoding) {
  std::string html;
  for (const char letter : html_text(encoding)) {
    html += letter;
    if (letter == ',' || letter == ':') html += "<wbr>";
  }
  return cell(html);
}

std::string millions(int64_t parameters) {
  return fixed(static_cast<double>(parameters) / 1e6, 2) + " M";
}

std::string row_of(const ComparedModel& model, const ComparedGroup& group,
                   const ReportWords& words) {
  return "<tr><th scope=\"row\"><span class=\"swatch\" style=\"background:" +
         colour_of(model.encoding) + "\"></span>" + html_text(model.name) + "</th>" +
         encoding_cell(model.encoding) + number_cell(model.summary.perplexity, 2) +
         bits_cell(model) + cell(verdict_of(model, group, words)) +
         number_cell(100 * model.summary.top1, 1) + number_cell(100 * model.summary.top5, 1) +
         number_cell(model.summary.entropy, 2) +
         number_cell(static_cast<double>(model.summary.tokens), 0) +
         cell(millions(model.parameters), std::to_string(model.parameters)) + "</tr>\n";
}

std::string group_table(const ComparedGroup& group, const ReportWords& words) {
  const std::string metric = metric_word(group.models.front().task, words);
  std::string html = "<div class=\"scroll\"><table class=\"sortable results\"><thead><tr>";
  const std::string against = std::string(words.against) + group.baseline;
  for (const std::string_view title : {words.model, words.encoding, std::string_view(metric),
                                       words.bits_per_byte, std::string_view(against), words.top1,
                                       words.top5, words.entropy, words.tokens, words.parameters}) {
    html += "<th scope=\"col\">" + html_text(title) + "</th>";
  }
  html += "</tr></thead><tbody>\n";
  for (const ComparedModel& model : group.models) html += row_of(model, group, words);
  return html + "</tbody></table></div>\n";
}

std::string ladder_table(const CompareResult& result, const ReportWords& words) {
  std::string html = "<div class=\"scroll\"><table class=\"sortable\"><thead><tr>";
  for (const std::string_view title : {words.model, words.metric, words.bits_per_byte}) {
    html += "<th scope=\"col\">" + html_text(title) + "</th>";
  }
  html += "</tr></thead><tbody>\n";
  for (const auto& [model, group] : ladder_of(result.groups)) {
    html += "<tr><th scope=\"row\">" + html_text(model->name) + "</th>" +
            cell(html_text(metric_word(model->task, words))) + bits_cell(*model) + "</tr>\n";
  }
  html += "</tbody></table></div>\n<dl>";
  for (const ComparedGroup& group : result.groups) {
    const ScoringTask task = group.models.front().task;
    html += "<dt>" + html_text(metric_word(task, words)) + "</dt><dd>" +
            html_text(words.question_of(task)) + "</dd>";
  }
  return "<p>" + html_text(words.ladder_note) + "</p>\n" + html + "</dl>\n";
}

std::string controls(const CompareResult& result, const CompareOptions& options,
                     const ReportWords& words) {
  Json files = Json::object();
  for (const ComparedGroup& group : result.groups) {
    for (const ComparedModel& model : group.models) files[model.name] = model.files;
  }
  return details_html(words.settings, comparison_json(result, options)["settings"]) +
         details_html(words.files, files);
}

}  // namespace

std::string comparison_page(const CompareResult& result, const CompareOptions& options) {
  const ReportWords& words = words_of(options.language);
  const auto text = [](std::string_view view) { return std::string(view); };
  std::string tables = "<p>" + html_text(words.results_note) + "</p>\n";
  for (const ComparedGroup& group : result.groups) {
    tables += "<h3>" + html_text(metric_word(group.models.front().task, words)) + "</h3>\n";
    if (&group != &result.groups.front()) {  // whose verdict opens the page
      tables += "<p>" + html_text(verdict_sentence(group, words)) + "</p>\n";
    }
    tables += group_table(group, words);
    if (group.luck) tables += "<p>" + html_text(luck_sentence(*group.luck, words)) + "</p>\n";
  }
  std::vector<Chart> lengths = length_charts(result, words);
  std::ranges::move(disjoint_charts(result, words), std::back_inserter(lengths));
  const std::string ladder = result.groups.size() > 1 ? ladder_table(result, words) : "";
  return page_html({text(words.language),
                    text(words.title),
                    verdict_sentence(result.groups.front(), words),
                    std::to_string(result.documents.size()) + text(words.documents) +
                        grouped(result.bytes) + text(words.bytes) + text(words.introduction),
                    text(words.numbers),
                    {{text(words.results), tables, seed_charts(result, words)},
                     {text(words.ladder), ladder, {}},
                     {text(words.length), "", std::move(lengths)},
                     {text(words.position), "", position_charts(result, words)},
                     {text(words.encodings), "", encoding_charts(result, words), true},
                     {text(words.claims),
                      "<p>" + html_text(words.claims_note) +
                          "<code>locus claims --report claims.html</code></p>\n",
                      {}},
                     {text(words.controls), controls(result, options, words), {}}}});
}

}  // namespace locus::cli
