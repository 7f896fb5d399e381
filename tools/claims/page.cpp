#include "tools/cli/report/page.hpp"
#include "tools/claims/result.hpp"
#include "tools/cli/report/line_chart.hpp"
#include "tools/cli/report/palette.hpp"

namespace locus::cli::claims {
namespace {

std::string cell(std::string_view name, std::string_view text) {
  return "<" + std::string(name) + ">" + html_text(text) + "</" + std::string(name) + ">";
}

/// Rows of cells under titles; the first cell of each is its heading.
std::string table_html(const std::vector<std::string_view>& titles,
                       const std::vector<std::vector<std::string>>& rows) {
  std::string html = "<div class=\"scroll\"><table class=\"prose\"><thead><tr>";
  for (const std::string_view title : titles) html += cell("th", title);
  html += "</tr></thead><tbody>\n";
  for (const auto& row : rows) {
    html += "<tr>";
    for (size_t i = 0; i < row.size(); ++i) html += cell(i == 0 ? "th" : "td", row[i]);
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string numbered(const MeasuredClaim& measured, const Words& words) {
  return std::to_string(number_of(measured)) + ". " +
         std::string(words_of(measured, words).sentence);
}

Section overview_section(const ClaimsResult& result, const Words& words) {
  std::vector<std::vector<std::string>> rows;
  for (const MeasuredClaim& measured : result.claims) {
    rows.push_back({numbered(measured, words), std::string(measured.claim->article),
                    evidence_text(measured, words), finding_of(measured, words)});
  }
  return {std::string(words.overview),
          table_html({words.claim, words.article, words.evidence, words.finding}, rows),
          {}};
}

/// The curve of a claim; none where it has none.
std::vector<Chart> charts(const MeasuredClaim& measured, const ClaimWords& own) {
  if (measured.findings.curve.empty()) return {};
  Json rows = Json::array(), table = Json::array();
  for (const auto& [x, y] : measured.findings.curve) {
    rows.push_back({{"name", "sinusoidal"}, {"x", x}, {"y", y}, {"low", y}, {"high", y}});
    table.push_back({x, significant(y, 6)});
  }
  const Series series{"sinusoidal", colour_of("sinusoidal"), dash_of("sinusoidal")};
  return {{std::string(own.curve.title),
           std::string(own.curve.reading),
           line_chart({own.curve.x, own.curve.y, true, true}, {series}, std::move(rows)),
           {{"columns", {own.curve.x, own.curve.y}}, {"rows", std::move(table)}}}};
}

Section page_section(const MeasuredClaim& measured, const Words& words) {
  const ClaimWords& own = words_of(measured, words);
  std::string html = "<p><small>" + html_text(article_text(*measured.claim, words)) +
                     "</small></p>\n" + cell("blockquote", quote_of(measured, words)) +
                     "\n<p class=\"verdict\"><strong>" + html_text(finding_of(measured, words)) +
                     "</strong> " + html_text(caution_of(measured, words)) + "</p>\n" +
                     cell("p", evidence_text(measured, words) + std::string(words.colon) +
                                   std::string(own.experiment));
  std::vector<std::vector<std::string>> rows;
  for (const Figure& figure : measured.findings.figures) {
    rows.push_back({label_of(figure, own), value_of(figure),
                    std::string(words.supports.at(static_cast<size_t>(figure.support)))});
  }
  if (!rows.empty()) html += table_html({words.figure, words.value, words.says}, rows);
  return {numbered(measured, words), html, charts(measured, own)};
}

Section articles(const Words& words) {
  std::string html = "<ul>";
  for (const std::string_view article : words.articles) html += cell("li", article);
  return {std::string(words.articles_title), html + "</ul>\n", {}};
}

}  // namespace

std::string to_page(const ClaimsResult& result, const Words& words) {
  Page page{std::string(words.language),
            std::string(words.title),
            summary_of(result.claims, words),
            std::string(words.introduction) + " " + setting_text(result.setting, words) + " " +
                std::string(words.conventions),
            {std::string(words.numbers), "SVG", "CSV", ""},
            {overview_section(result, words)}};
  for (const MeasuredClaim& measured : result.claims) {
    page.sections.push_back(page_section(measured, words));
  }
  page.sections.push_back(articles(words));
  page.sections.push_back(
      {std::string(words.settings), details_html(words.settings, result.provenance), {}});
  return page_html(page);
}

}  // namespace locus::cli::claims
