// Do short texts suit absolute encodings, and long texts relative ones?
#include "tools/claims/bench.hpp"
#include "tools/claims/measures.hpp"

namespace locus::cli::claims {
namespace {

enum LengthLabel : size_t { at_short, at_long, growth, one_at_short, one_at_long };

using Units = std::vector<Unit>;

const std::vector<std::string> absolute{"causal-learned", "causal-sinusoidal"};
const std::vector<std::string> relative{"causal-rope", "causal-t5", "causal-alibi"};

/// Losses of several models on the same tokens.
struct Losses {
  std::vector<Units> at_short, at_long;
};

Losses losses_of(Bench& bench, const std::vector<std::string>& names) {
  Losses losses;
  for (const std::string& name : names) {
    auto swept = bench.sweep(*bench.reader(name), {short_length, trained_length});
    if (swept.empty()) return {};
    losses.at_short.push_back(std::move(swept[short_length].units));
    losses.at_long.push_back(std::move(swept[trained_length].units));
  }
  return losses;
}

/// Candidates and what each is held against, in the order in which they are printed.
struct Pairs {
  std::vector<Figure> figures;
  std::vector<Units> candidates, baselines;

  void add(size_t label, const std::string& subject, Units candidate, Units baseline) {
    figures.push_back({label, subject});
    candidates.push_back(std::move(candidate));
    baselines.push_back(std::move(baseline));
  }
};

void add_models(Pairs& pairs, const std::vector<std::string>& names, const Losses& losses,
                const Losses& baseline) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == absolute[0]) continue;
    pairs.add(one_at_short, names[i], losses.at_short[i], baseline.at_short[0]);
    pairs.add(one_at_long, names[i], losses.at_long[i], baseline.at_long[0]);
  }
}

Support support_of_length(const Figure& figure, const Comparison& comparison) {
  if (figure.label == at_short) return supports_worse(comparison);
  if (figure.label != at_long) return Support::none;
  if (comparison.verdict == Verdict::better) return Support::confirms;
  const bool known =
      comparison.verdict == Verdict::worse || comparison.verdict == Verdict::equivalent;
  return known ? Support::contradicts : Support::open;
}

}  // namespace

Findings measure_text_lengths(Bench& bench) {
  const Losses old = losses_of(bench, absolute), recent = losses_of(bench, relative);
  if (old.at_short.empty() || recent.at_short.empty()) return {{}, trained_length, {}};
  const Units old_short = mean_of(old.at_short), old_long = mean_of(old.at_long);
  const Units recent_short = mean_of(recent.at_short), recent_long = mean_of(recent.at_long);
  Pairs pairs;
  pairs.add(at_short, "", recent_short, old_short);
  pairs.add(at_long, "", recent_long, old_long);
  pairs.add(growth, "", paired_differences(recent_long, old_long),
            paired_differences(recent_short, old_short));
  add_models(pairs, absolute, old, old);
  add_models(pairs, relative, recent, old);
  const auto comparisons = bench.compare_pairs(pairs.candidates, pairs.baselines);
  for (size_t i = 0; i < comparisons.size(); ++i) {
    Figure& figure = pairs.figures[i];
    figure.value = comparisons[i].difference;
    figure.support = support_of_length(figure, comparisons[i]);
    figure.comparison = comparisons[i];
  }
  return {std::move(pairs.figures), 0, {}};
}

}  // namespace locus::cli::claims
