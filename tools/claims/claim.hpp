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
/// `holds`, `some figures for it`, `does not hold`, `undecided`, `not measured`, `withdrawn`
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

/// How a sentence is tested.
/// - `arithmetic`: by formulas alone; no model is asked;
/// - `models`: within each model, before and after a change;
/// - `between_models`: models are held against each other, so they must have been trained alike.
enum class Evidence { arithmetic, models, between_models };
/// `arithmetic`, `models`, `between models`
std::string to_string(Evidence evidence);

struct Claim {
  std::string_view name;     ///< in JSON
  std::string_view article;  ///< `002`
  std::string_view quote;    ///< what the article says, in its own words
  Evidence evidence = Evidence::arithmetic;
  std::vector<std::string> models = {};
  Findings (*measure)(Bench& bench) = nullptr;
};

/// In the order of the words.
std::span<const Claim> all_claims();

/// What the models' folders say of how they came about.
struct Recipes {
  std::vector<std::string> unknown = {};  ///< models without a training block
  std::vector<std::string> fields = {};   ///< of the recipe in which the others differ
};

struct MeasuredClaim {
  const Claim* claim = nullptr;
  Findings findings;
  Ruling ruling = Ruling::not_measured;
  Recipes recipes = {};  ///< of its models
};

/// The ruling of the findings; `withdrawn` where models are held against each other and were not
/// trained alike, or nobody knows whether they were.
MeasuredClaim judge(const Claim& claim, Findings findings, Recipes recipes = {});

}  // namespace locus::cli::claims
