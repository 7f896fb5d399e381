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

std::string claim_text(const MeasuredClaim& measured, const Words& words) {
  const ClaimWords& own = words_of(measured, words);
  const std::string title = std::to_string(number_of(measured)) + ". " + std::string(own.sentence);
  std::string text = "\n" + bold(title) + "\n";
  text += dim(claim_indent + article_text(*measured.claim, words) + std::string(words.comma) +
              evidence_text(measured, words)) +
          "\n" + paragraph(quote_of(measured, words), claim_indent);
  text += paragraph(finding_of(measured, words), claim_indent);
  if (const auto caution = caution_of(measured, words); !caution.empty()) {
    text += paragraph(caution, claim_indent);
  }
  for (const Figure& figure : measured.findings.figures) text += figure_text(figure, own, words);
  return text;
}

}  // namespace

std::string to_text(const ClaimsResult& result, const Words& words) {
  std::string text = bold(words.title) + "\n" + paragraph(setting_text(result.setting, words), "") +
                     paragraph(std::string(words.conventions), "");
  for (const MeasuredClaim& measured : result.claims) text += claim_text(measured, words);
  return text + "\n" + summary_of(result.claims, words) + "\n";
}

}  // namespace locus::cli::claims
