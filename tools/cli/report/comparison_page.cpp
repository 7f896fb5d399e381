#include "tools/cli/report/comparison_page.hpp"

#include <algorithm>
#include <cmath>

#include "tools/cli/report/palette.hpp"

namespace locus::cli {
namespace {

std::string cell(const std::string& text, const std::string& sort = "") {
  return "<td" + (sort.empty() ? "" : " data-sort=\"" + sort + "\"") + ">" + text + "</td>";
}

std::string number_cell(double value, int digits) {
  return cell(fixed(value, digits), significant(value, 9));
}

std::string paragraph(std::string_view text) { return "<p>" + html_text(text) + "</p>\n"; }

std::string difference_text(const Comparison& comparison) {
  const std::string interval = interval_text(comparison.interval);
  return "<small>" + signed_fixed(comparison.difference, 3) + (interval.empty() ? "" : " ") +
         interval + ", p " + html_text(p_text(comparison)) + "</small>";
}

std::string verdict_cell(const ComparedModel& model, const ComparedGroup& group,
                         const ReportWords& words) {
  const std::string verdict = html_text(verdict_of(model, group, words));
  if (!model.comparison) return cell(verdict);
  const double difference = model.comparison->difference;
  return cell("<span class=\"" + std::string(difference < 0 ? "down" : "up") + "\">" + verdict +
                  "</span><br>" + difference_text(*model.comparison),
              significant(difference, 9));
}

/// A line may break after each parameter.
std::string encoding_cell(const std::string& encoding) {
  std::string html;
  for (const char letter : html_text(encoding)) {
    html += letter;
    if (letter == ',' || letter == ':' || letter == '_') html += "<wbr>";
  }
  return cell(html);
}

std::string millions(int64_t parameters) {
  return fixed(static_cast<double>(parameters) / 1e6, 2) + " M";
}

std::string row_of(const ComparedModel& model, const ComparedGroup& group,
                   const ReportWords& words) {
  const bool per_word = tokenizers_differ(group);
  const double value =
      per_word ? model.summary.word_perplexity.value_or(NAN) : model.summary.perplexity;
  return "<tr><th scope=\"row\"><span class=\"swatch\" style=\"background:" +
         colour_of(model.encoding) + "\"></span>" + html_text(model.name) + "</th>" +
         encoding_cell(model.encoding) + number_cell(value, 2) +
         cell(fixed(bits_of(model), 3) + "<br><small>" + interval_text(model.bits_interval) +
                  "</small>",
              significant(bits_of(model), 9)) +
         verdict_cell(model, group, words) + cell(html_text(model.letters)) +
         number_cell(static_cast<double>(model.runs.size()), 0) +
         number_cell(100 * model.summary.top1, 1) + number_cell(100 * model.summary.top5, 1) +
         number_cell(model.summary.entropy, 2) +
         cell(grouped(model.summary.tokens), std::to_string(model.summary.tokens)) +
         cell(millions(model.parameters), std::to_string(model.parameters)) + "</tr>\n";
}

/// A floor's row; what a model alone has stays empty.
std::string floor_row(const ModelFloor& floor, const ReportWords& words) {
  return "<tr class=\"floor\"><th scope=\"row\">" + html_text(words.floor) +
         html_text(floor_word(floor, words)) + "</th><td></td>" +
         number_cell(std::exp(floor.nll), 2) +
         cell(fixed(floor.bits_per_byte, 3), significant(floor.bits_per_byte, 9)) +
         "<td></td><td></td><td></td><td></td><td></td><td></td><td></td><td></td></tr>\n";
}

std::string group_table(const ComparedGroup& group, const ReportWords& words) {
  const ColumnWords& columns = words.columns;
  const bool per_word = tokenizers_differ(group);
  const std::string metric = per_word ? std::string(columns.word_perplexity)
                                      : metric_word(group.models.front().task, words);
  const std::string against = phrase(columns.verdict, {{"baseline", group.baseline}});
  std::string html = "<div class=\"scroll\"><table class=\"sortable results\"><thead><tr>";
  for (const std::string_view title :
       {columns.model, columns.encoding, std::string_view(metric), columns.bits_per_byte,
        std::string_view(against), columns.letters, columns.seeds, columns.top1, columns.top5,
        columns.entropy, columns.tokens, columns.parameters}) {
    html += "<th scope=\"col\">" + html_text(title) + "</th>";
  }
  html += "</tr></thead><tbody>\n";
  for (const ComparedModel& model : group.models) html += row_of(model, group, words);
  for (const ModelFloor& floor : floors_of(group)) html += floor_row(floor, words);
  return html + "</tbody></table></div>\n";
}

std::string list_of(const std::vector<std::string>& sentences) {
  std::string html = "<ul class=\"notes\">";
  for (const std::string& sentence : sentences) html += "<li>" + html_text(sentence) + "</li>";
  return html + "</ul>\n";
}

/// The findings of the groups after the first, which opens the page.
std::string findings(const CompareResult& result, const ReportWords& words) {
  std::string html;
  for (size_t i = 1; i < result.groups.size(); ++i) {
    html += paragraph(finding_of(result.groups[i], words));
  }
  for (const auto& [name, error] : result.failures) {
    html += paragraph(phrase(words.notes.failed, {{"models", name + ": " + error}}));
  }
  return html;
}

std::string tables(const CompareResult& result, const ReportWords& words) {
  std::string html;
  for (const ComparedGroup& group : result.groups) {
    const ScoringTask task = group.models.front().task;
    html += "<h3>" + html_text(metric_word(task, words)) + "</h3>\n" +
            paragraph(words.question_of(task)) + group_table(group, words) +
            list_of(notes_of(group, words));
  }
  return html;
}

std::string controls(const CompareResult& result, const CompareOptions& options,
                     const ReportWords& words) {
  Json files = Json::object();
  for (const ComparedGroup& group : result.groups) {
    for (const ComparedModel& model : group.models) {
      Json runs = Json::object();
      for (const SeedRun& run : model.runs) runs[run.name] = run.files;
      files[model.name] = {{"files", std::move(runs)}};
      if (model.training) files[model.name]["training"] = Json::parse(model.training->json);
    }
  }
  return details_html(words.settings, comparison_json(result, options)["settings"]) +
         details_html(words.files, files);
}

}  // namespace

std::string comparison_page(const CompareResult& result, const CompareOptions& options) {
  const ReportWords& words = words_of(options.language);
  const auto text = [](std::string_view view) { return std::string(view); };
  Page page{text(words.language),
            text(words.title),
            finding_of(result.groups.front(), words),
            documents_text(result, words) + text(words.introduction),
            {text(words.numbers), text(words.picture), text(words.download_numbers),
             text(words.all_series)},
            {}};
  const std::string claims = "<p>" + html_text(words.claims_note) +
                             "<code>tools/claims/run --report claims.html</code></p>\n";
  page.sections = {{text(words.differences), "", forest_charts(result, words)},
                   {"", findings(result, words), {}},
                   {text(words.length), "", length_charts(result, words)},
                   {text(words.training), "", training_charts(result, words)},
                   {text(words.results), tables(result, words), {}},
                   {text(words.encodings), "", encoding_charts(result, words), true},
                   {text(words.claims), claims, {}},
                   {text(words.controls), controls(result, options, words), {}}};
  return page_html(page);
}

}  // namespace locus::cli
