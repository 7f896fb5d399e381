// What a group of compared models comes to, in sentences.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/report/words.hpp"

namespace locus::cli {

/// The finding in a sentence or two.
std::string finding_of(const ComparedGroup& group, const ReportWords& words);
/// What limits it, a sentence each: conditions, what verdicts are of, the margin, recipes, floors,
/// models without a verdict, runs, tokenizers.
std::vector<std::string> notes_of(const ComparedGroup& group, const ReportWords& words);
/// The verdict of a row with its reason where there is none: `better`, `baseline`, `not trained`.
std::string verdict_of(const ComparedModel& model, const ComparedGroup& group,
                       const ReportWords& words);
/// `0.032`; `< 0.0017` where permutations were drawn and none was as extreme.
std::string p_text(const Comparison& comparison);
/// Whether models of a group cut the text into different tokens: then no figure per token compares.
bool tokenizers_differ(const ComparedGroup& group);
/// `[2.192, 2.442]`; nothing for an interval without ends.
std::string interval_text(const Interval& interval);

}  // namespace locus::cli
