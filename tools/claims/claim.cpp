#include "tools/claims/claim.hpp"

#include <algorithm>
#include <utility>

namespace locus::cli::claims {

std::string to_string(Ruling ruling) {
  switch (ruling) {
    case Ruling::holds:
      return "holds";
    case Ruling::in_part:
      return "holds in part";
    case Ruling::fails:
      return "does not hold";
    case Ruling::undecided:
      return "undecided";
    case Ruling::not_measured:
      return "not measured";
    case Ruling::withdrawn:
      return "withdrawn";
  }
  return {};
}

Ruling ruling_of(const Findings& findings) {
  if (!findings.absent.empty() || findings.missing_tokens > 0) return Ruling::not_measured;
  const auto number = [&](Support support) {
    return std::ranges::count(findings.figures, support, &Figure::support);
  };
  const auto confirm = number(Support::confirms), contradict = number(Support::contradicts);
  const auto open = number(Support::open);
  if (confirm > 0) return contradict + open > 0 ? Ruling::in_part : Ruling::holds;
  return contradict > 0 ? Ruling::fails : Ruling::undecided;
}

MeasuredClaim judge(const Claim& claim, Findings findings) {
  const Ruling ruling = ruling_of(findings);
  const bool withdrawn = claim.withdrawn && ruling != Ruling::not_measured;
  return {&claim, std::move(findings), withdrawn ? Ruling::withdrawn : ruling};
}

}  // namespace locus::cli::claims
