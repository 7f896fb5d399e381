#include "tools/claims/claim.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace locus::cli::claims {

std::string to_string(Ruling ruling) {
  switch (ruling) {
    case Ruling::holds:
      return "holds";
    case Ruling::in_part:
      return "some figures for it";
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

std::string to_string(Evidence evidence) {
  constexpr std::array names{"arithmetic", "models", "between models"};
  return names[static_cast<size_t>(evidence)];
}

MeasuredClaim judge(const Claim& claim, Findings findings, Recipes recipes) {
  const Ruling ruling = ruling_of(findings);
  const bool alike = recipes.unknown.empty() && recipes.fields.empty();
  const bool withdrawn = claim.evidence == Evidence::between_models && !alike;
  return {&claim, std::move(findings),
          withdrawn && ruling != Ruling::not_measured ? Ruling::withdrawn : ruling,
          std::move(recipes)};
}

}  // namespace locus::cli::claims
