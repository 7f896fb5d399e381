#include "tools/claims/result.hpp"

namespace locus::cli::claims {
namespace {

/// Text that Markdown leaves as it is.
std::string markdown_text(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    if (std::string_view("*_<|`\\").find(letter) != std::string_view::npos) escaped += '\\';
    escaped += letter;
  }
  return escaped;
}

std::string row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

/// A paragraph on one line: a line end between Chinese characters would show as a space.
std::string lines(std::string_view text) { return markdown_text(text) + "\n"; }

std::string overview(const ClaimsResult& result, const Words& words) {
  std::string text = row({"", std::string(words.claim), std::string(words.article),
                          std::string(words.evidence), std::string(words.finding)}) +
                     row({"---", "---", "---", "---", "---"});
  for (const MeasuredClaim& measured : result.claims) {
    text +=
        row({std::to_string(number_of(measured)), markdown_text(words_of(measured, words).sentence),
             std::string(measured.claim->article), evidence_text(measured, words),
             markdown_text(finding_of(measured, words))});
  }
  return text;
}

std::string figures(const MeasuredClaim& measured, const Words& words) {
  if (measured.findings.figures.empty()) return "";
  std::string text =
      "\n" + row({std::string(words.figure), std::string(words.value), std::string(words.says)}) +
      row({"---", "---", "---"});
  for (const Figure& figure : measured.findings.figures) {
    text += row({markdown_text(label_of(figure, words_of(measured, words))),
                 markdown_text(value_of(figure)),
                 std::string(words.supports.at(static_cast<size_t>(figure.support)))});
  }
  return text;
}

std::string claim_section(const MeasuredClaim& measured, const Words& words) {
  const ClaimWords& own = words_of(measured, words);
  const std::string caution = caution_of(measured, words);
  return "\n### " + std::to_string(number_of(measured)) + ". " + markdown_text(own.sentence) +
         " (" + article_text(*measured.claim, words) + ")\n\n> " +
         lines(quote_of(measured, words)) + "\n" +
         lines(evidence_text(measured, words) + std::string(words.colon) +
               std::string(own.experiment)) +
         figures(measured, words) + "\n**" + markdown_text(finding_of(measured, words)) + "**\n" +
         (caution.empty() ? "" : lines(caution));
}

std::string chapter(const ClaimsResult& result, const Words& words, const std::string& heading) {
  std::string text = "\n## " + heading + "\n\n" + lines(words.introduction) + "\n" +
                     lines(setting_text(result.setting, words)) + "\n" + lines(words.conventions) +
                     "\n" + overview(result, words);
  for (const MeasuredClaim& measured : result.claims) text += claim_section(measured, words);
  text += "\n### " + std::string(words.articles_title) + "\n\n";
  for (const std::string_view article : words.articles) text += "- " + std::string(article) + "\n";
  return text;
}

}  // namespace

std::string to_markdown(const ClaimsResult& result) {
  const Words& english = english_words();
  const Words& chinese = chinese_words();
  return "# " + std::string(english.title) + " / " + std::string(chinese.title) + "\n\n" +
         std::string(english.generated) + "\n\n" + std::string(chinese.generated) + "\n" +
         chapter(result, english, "English") + chapter(result, chinese, "中文");
}

}  // namespace locus::cli::claims
