#include <algorithm>

#include "tools/claims/result.hpp"
#include "tools/cli/terminal/paragraph.hpp"
#include "tools/cli/terminal/table.hpp"

namespace locus::cli::claims {
namespace {

constexpr int line_width = 80, support_width = 12;
const std::string claim_indent = "    ", figure_indent = "      ";

std::string spaces(int count) { return std::string(static_cast<size_t>(std::max(0, count)), ' '); }

/// The label to the left, the value and what it says to the right; on two lines where one is short.
std::string figure_text(const Figure& figure, const ClaimWords& own, const Words& words) {
  const std::string label = figure_indent + label_of(figure, own);
  const std::string value = value_of(figure);
  const std::string support(words.supports.at(static_cast<size_t>(figure.support)));
  const int value_end = line_width - support_width;
  const int room = value_end - display_width(label) - display_width(value);
  const std::string tail = value + (support.empty() ? "" : "  " + support) + "\n";
  if (room >= 2) return label + spaces(room) + tail;
  return label + "\n" + spaces(value_end - display_width(value)) + tail;
}

std::string claim_text(const MeasuredClaim& measured, size_t number, const Words& words) {
  const ClaimWords& own = words_of(measured, words);
  const std::string verdict = ruling_text(measured, words) + std::string(words.stop) +
                              std::string(words.space) + remark_of(measured, words);
  std::string text = "\n" + bold(std::to_string(number) + ". " + std::string(own.sentence)) + "\n";
  text += dim(claim_indent + article_text(*measured.claim, words)) + "\n";
  text += paragraph(verdict, claim_indent);
  for (const Figure& figure : measured.findings.figures) text += figure_text(figure, own, words);
  return text;
}

}  // namespace

std::string to_text(const ClaimsResult& result, const Words& words) {
  std::string text = bold(words.title) + "\n" + paragraph(setting_text(result.setting, words), "") +
                     paragraph(std::string(words.conventions), "");
  for (size_t i = 0; i < result.claims.size(); ++i) {
    text += claim_text(result.claims[i], i + 1, words);
  }
  return text + "\n" + summary_of(result.claims, words) + "\n";
}

}  // namespace locus::cli::claims
