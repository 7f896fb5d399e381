// A sentence that articles state, and what measuring it comes to.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/statistics.hpp"

namespace locus::cli::claims {

class Bench;

/// What a figure says of its sentence; `none` for those that only explain.
enum class Support { none, confirms, contradicts, open };

struct Figure {
  size_t label = 0;     ///< of the sentence's words
  std::string subject;  ///< stands in the label's braces
  double value = 0;
  Support support = Support::none;
  std::optional<Comparison> comparison = {};  ///< of losses in pairs, nats per token
};

/// A claim is withdrawn where its models cannot answer it, whatever their figures are.
enum class Ruling { holds, in_part, fails, undecided, not_measured, withdrawn };
/// `holds`, `holds in part`, `does not hold`, `undecided`, `not measured`, `withdrawn`
std::string to_string(Ruling ruling);

/// A point of a curve that a claim is drawn by.
struct DrawnPoint {
  double x = 0, y = 0;
};

struct Findings {
  std::vector<Figure> figures;
  int64_t missing_tokens = 0;          ///< a text of so many tokens is needed and there is none
  std::vector<std::string> absent;     ///< models that are needed and not there
  std::vector<DrawnPoint> curve = {};  ///< of the sinusoid; empty where nothing is drawn
};

/// All figures that say something confirm: holds; some: in part; none, and one contradicts: fails.
Ruling ruling_of(const Findings& findings);

struct Claim {
  std::string_view name;     ///< in JSON
  std::string_view article;  ///< `002`
  std::vector<std::string> models;
  Findings (*measure)(Bench& bench);
  bool withdrawn = false;  ///< why stands in its words
};

/// In the order of the words.
std::span<const Claim> all_claims();

struct MeasuredClaim {
  const Claim* claim = nullptr;
  Findings findings;
  Ruling ruling = Ruling::not_measured;
};

/// The ruling of the findings, or `withdrawn` where there are any and the claim is.
MeasuredClaim judge(const Claim& claim, Findings findings);

}  // namespace locus::cli::claims
