// What the claims' table says, in each of its languages.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tools/claims/claim.hpp"

namespace locus::cli::claims {

/// What is drawn of a claim, how to read it, and its axes.
struct CurveWords {
  std::string_view title, reading, x, y;
};

struct ClaimWords {
  std::string_view sentence;
  std::string_view translation;  ///< of the quote; empty in its own language
  std::string_view experiment;
  std::array<std::string_view, 5> labels;   ///< of figures; `{}` is the figure's subject
  std::array<std::string_view, 4> remarks;  ///< where it holds, in part, not at all, nobody knows
  CurveWords curve = {};
};

struct Words {
  std::string_view language;  ///< BCP 47
  std::string_view title, introduction, conventions;
  std::string_view text;       ///< with the places {documents}, {bytes}, {sample} and {seed}
  std::string_view generated;  ///< how the file came about
  std::string_view articles_title;
  std::array<std::string_view, 4> articles;  ///< 000 to 003
  std::string_view overview, claim, article, evidence, finding, figure, value, says, numbers;
  std::string_view settings;
  std::string_view quote_begin, quote_end;
  std::string_view colon, comma, stop, space;      ///< of lists and sentences
  std::array<std::string_view, 6> rulings;         ///< in the order of Ruling
  std::array<std::string_view, 3> evidences;       ///< in the order of Evidence
  std::array<std::string_view, 4> supports;        ///< in the order of Support
  std::string_view absent, several_absent;         ///< {} is the model, or a list
  std::string_view short_text;                     ///< {} is a number of tokens
  std::string_view undecided, mixed, unsupported;  ///< remarks of no claim in particular
  std::string_view withdrawn;                      ///< why, of all that are
  std::string_view no_recipe, other_recipes;       ///< {} is a list of models, or of fields
  std::array<ClaimWords, 12> claims;               ///< in the order of `all_claims`
};

const Words& english_words();
const Words& chinese_words();
/// `en` or `zh`. Throws Error for another language.
const Words& words_of(std::string_view language);

/// The words of one claim, by its place in the table.
const ClaimWords& words_of(const MeasuredClaim& measured, const Words& words);
std::string label_of(const Figure& figure, const ClaimWords& words);
/// `+0.1234 [+0.1000, +0.1400]` for differences; six digits of any other number.
std::string value_of(const Figure& figure);
/// The ruling, and for what is not measured the reason.
std::string ruling_text(const MeasuredClaim& measured, const Words& words);
/// What was found, in a sentence; empty where nothing was measured.
std::string remark_of(const MeasuredClaim& measured, const Words& words);
/// The ruling, where figures agree on one, and what was found.
std::string finding_of(const MeasuredClaim& measured, const Words& words);
/// What the models' recipes take from it; empty where they take nothing.
std::string caution_of(const MeasuredClaim& measured, const Words& words);
/// What the article says, and its translation.
std::string quote_of(const MeasuredClaim& measured, const Words& words);
/// Its place among all claims, from 1 on.
size_t number_of(const MeasuredClaim& measured);
std::string article_text(const Claim& claim, const Words& words);
std::string evidence_text(const MeasuredClaim& measured, const Words& words);

/// What is measured on.
struct Setting {
  size_t documents = 0;
  int64_t bytes = 0;
  int64_t sample = 0;
  uint64_t seed = 0;
};
std::string setting_text(const Setting& setting, const Words& words);
/// How many sentences hold, hold in part, ...
std::string summary_of(const std::vector<MeasuredClaim>& claims, const Words& words);

}  // namespace locus::cli::claims
