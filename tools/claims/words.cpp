#include "tools/claims/words.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli::claims {
namespace {

std::string with(std::string text, std::string_view place, const std::string& value) {
  const size_t at = text.find(place);
  return at == std::string::npos ? text : text.replace(at, place.size(), value);
}

std::string joined(const std::vector<std::string>& items, std::string_view between) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : std::string(between)) + item;
  return text;
}

}  // namespace

const Words& words_of(std::string_view language) {
  if (language == "en") return english_words();
  if (language == "zh") return chinese_words();
  throw Error("--language", "en or zh", "'" + std::string(language) + "'");
}

const ClaimWords& words_of(const MeasuredClaim& measured, const Words& words) {
  return words.claims.at(number_of(measured) - 1);
}

std::string label_of(const Figure& figure, const ClaimWords& words) {
  return with(std::string(words.labels.at(figure.label)), "{}", figure.subject);
}

std::string value_of(const Figure& figure) {
  if (!figure.comparison) return significant(figure.value, 6);
  const Interval& interval = figure.comparison->interval;
  return signed_fixed(figure.value, 4) + " [" + signed_fixed(interval.low, 4) + ", " +
         signed_fixed(interval.high, 4) + "]";
}

std::string ruling_text(const MeasuredClaim& measured, const Words& words) {
  const std::string ruling(words.rulings.at(static_cast<size_t>(measured.ruling)));
  const Findings& findings = measured.findings;
  if (!findings.absent.empty()) {
    const auto absent = findings.absent.size() > 1 ? words.several_absent : words.absent;
    return ruling + std::string(words.colon) +
           with(std::string(absent), "{}", joined(findings.absent, words.comma));
  }
  if (findings.missing_tokens > 0) {
    return ruling + std::string(words.colon) +
           with(std::string(words.short_text), "{}", grouped(findings.missing_tokens));
  }
  return ruling;
}

// What is said of a claim in particular takes for granted that nothing is open.
std::string remark_of(const MeasuredClaim& measured, const Words& words) {
  if (measured.ruling == Ruling::not_measured) return "";
  const ClaimWords& own = words_of(measured, words);
  if (measured.ruling == Ruling::withdrawn) return std::string(words.withdrawn);
  const bool open = std::ranges::count(measured.findings.figures, Support::open, &Figure::support);
  if (open && measured.ruling == Ruling::in_part) return std::string(words.mixed);
  if (open && measured.ruling == Ruling::fails) return std::string(words.unsupported);
  const auto remark = own.remarks.at(static_cast<size_t>(measured.ruling));
  if (!remark.empty()) return std::string(remark);
  return std::string(measured.ruling == Ruling::undecided ? words.undecided : words.mixed);
}

std::string finding_of(const MeasuredClaim& measured, const Words& words) {
  const std::string remark = remark_of(measured, words);
  if (measured.ruling == Ruling::in_part) return remark;  // which some figures are for
  const std::string ruling = ruling_text(measured, words) + std::string(words.stop);
  return remark.empty() ? ruling : ruling + std::string(words.space) + remark;
}

std::string caution_of(const MeasuredClaim& measured, const Words& words) {
  const auto& [unknown, fields] = measured.recipes;
  std::vector<std::string> cautions;
  if (!unknown.empty()) {
    cautions.push_back(with(std::string(words.no_recipe), "{}", joined(unknown, words.comma)));
  }
  if (!fields.empty()) {
    cautions.push_back(with(std::string(words.other_recipes), "{}", joined(fields, words.comma)));
  }
  return joined(cautions, words.space);
}

std::string quote_of(const MeasuredClaim& measured, const Words& words) {
  const auto quoted = [&](std::string_view text) {
    return std::string(words.quote_begin) + std::string(text) + std::string(words.quote_end);
  };
  const std::string_view translation = words_of(measured, words).translation;
  const std::string quote = quoted(measured.claim->quote);
  return translation.empty() ? quote : quote + " " + quoted(translation);
}

size_t number_of(const MeasuredClaim& measured) {
  return static_cast<size_t>(measured.claim - all_claims().data()) + 1;
}

std::string article_text(const Claim& claim, const Words& words) {
  return std::string(words.article) + " " + std::string(claim.article);
}

std::string evidence_text(const MeasuredClaim& measured, const Words& words) {
  return std::string(words.evidences.at(static_cast<size_t>(measured.claim->evidence)));
}

std::string setting_text(const Setting& setting, const Words& words) {
  std::string text(words.text);
  text = with(text, "{documents}", std::to_string(setting.documents));
  text = with(text, "{bytes}", grouped(setting.bytes));
  text = with(text, "{sample}", grouped(setting.sample));
  return with(text, "{seed}", std::to_string(setting.seed));
}

std::string summary_of(const std::vector<MeasuredClaim>& claims, const Words& words) {
  std::vector<std::string> parts;
  for (size_t ruling = 0; ruling < words.rulings.size(); ++ruling) {
    const auto count = std::ranges::count(claims, Ruling(ruling), &MeasuredClaim::ruling);
    if (count == 0) continue;
    parts.push_back(std::string(words.rulings[ruling]) + std::string(words.colon) +
                    std::to_string(count));
  }
  return joined(parts, words.comma) + std::string(words.stop);
}

}  // namespace locus::cli::claims
