#include <algorithm>

#include "evaluation/score_units.hpp"
#include "tools/cli/verbs/doctor/doctor.hpp"

namespace locus::cli {
namespace {

bool lower(const AblationResult& result, double nll) {
  return result.error.empty() && result.nll < nll - margin_in_nats;
}

/// The lowest of those that are better beyond doubt, or else of all that are lower by more than the
/// margin; null where there is none. The results are ranked.
const AblationResult* find_leader(const AblationReport& report) {
  const AblationResult* lowest = nullptr;
  for (const AblationResult& result : report.results) {
    if (!result.error.empty()) continue;
    if (result.comparison.verdict == Verdict::better) return &result;
    if (!lowest && lower(result, report.nll)) lowest = &result;
  }
  return lowest;
}

/// Those better than as read that the text does not tell from the leader: where it is too short for
/// a test, those within the margin.
std::vector<std::string> as_good_as(const AblationResult& leader, const AblationReport& report) {
  std::vector<const AblationResult*> rivals;
  std::vector<std::vector<Unit>> units;
  for (const AblationResult& result : report.results) {
    if (&result == &leader || !lower(result, report.nll)) continue;
    rivals.push_back(&result);
    units.push_back(result.units);
  }
  if (rivals.empty()) return {};
  ComparisonSettings settings;
  settings.margin = margin_in_nats;
  const auto comparisons = compare(units, leader.units, settings);
  std::vector<std::string> names;
  for (size_t i = 0; i < rivals.size(); ++i) {
    const Verdict verdict = comparisons[i].verdict;
    const bool near = rivals[i]->nll <= leader.nll + margin_in_nats;
    if (near || verdict == Verdict::equivalent || verdict == Verdict::undecided) {
      names.push_back(rivals[i]->change);
    }
  }
  return names;
}

}  // namespace

std::optional<Leader> leader_of(const AblationReport& report) {
  const AblationResult* result = find_leader(report);
  if (!result) return std::nullopt;
  Leader leader;
  leader.change = result->change;
  leader.nll = result->nll;
  leader.difference = result->nll - report.nll;
  leader.verdict = result->comparison.verdict;
  leader.units = result->comparison.units;
  leader.as_good = as_good_as(*result, report);
  return leader;
}

std::string conclusion(const AblationReport& report) {
  const auto leader = leader_of(report);
  if (!leader) return "No other reading predicts the text better.\n";
  const std::string figure = fixed(leader->nll, 4) + " nats per token, " +
                             fixed(-leader->difference, 4) + " less than as read";
  std::string text = bold(leader->change);
  if (leader->sure()) {
    text += " predicts the text better: " + figure + ".\n";
  } else {
    const bool short_text = leader->verdict == Verdict::too_few_units;
    text += " has the lowest loss: " + figure + "; " +
            (short_text ? "the text has too few parts (" + std::to_string(leader->units) +
                              ") to rule out chance"
                        : std::string("that may be chance")) +
            ": give a longer text to be sure.\n";
  }
  if (!leader->as_good.empty()) {
    text += "This text does not tell it from: " + listed(leader->as_good) + ".\n";
  }
  return text;
}

Json to_json(const Leader& leader) {
  return {{"change", leader.change},
          {"nll", leader.nll},
          {"difference", leader.difference},
          {"sure", leader.sure()},
          {"as_good", leader.as_good}};
}

}  // namespace locus::cli
