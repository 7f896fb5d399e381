// Can positions be used that no training reached?
#include "tools/claims/bench.hpp"
#include "tools/claims/measures.hpp"

namespace locus::cli::claims {
namespace {

enum RowsLabel : size_t { at_untrained_rows, in_longer_windows, without_rows };

constexpr int64_t table_rows = 512, trained_rows = 128;  // of causal-learned-512

/// A model that gained nothing from its rows cannot show what others are worth.
Support support_of_rows(const Comparison& worse, bool uses_rows) {
  const Support support = supports_worse(worse);
  return support == Support::contradicts && !uses_rows ? Support::open : support;
}

}  // namespace

Findings measure_untrained_rows(Bench& bench) {
  const std::string name = "causal-learned-512";
  using Kind = EncodingChange::Kind;
  const auto reader = bench.reader(name);
  if (longest_text(*reader) < table_rows) return {{}, table_rows, {}};
  const auto shifted = bench.changed(name, change_of(Kind::shift, table_rows - trained_rows));
  const auto removed = bench.changed(name, change_of(Kind::remove));
  auto swept = bench.sweep(*reader, {trained_rows, table_rows});
  const auto whole = bench.whole(*reader, trained_rows).units;
  const auto comparisons =
      bench.compare_pairs({bench.whole(*shifted, trained_rows).units, swept[table_rows].units,
                           bench.whole(*removed, trained_rows).units},
                          {whole, swept[trained_rows].units, whole});
  const bool uses_rows = comparisons[without_rows].verdict == Verdict::worse;
  Findings findings;
  for (const RowsLabel label : {at_untrained_rows, in_longer_windows, without_rows}) {
    const Comparison& c = comparisons[label];
    findings.figures.push_back(
        {label, name, c.difference,
         label == without_rows ? Support::none : support_of_rows(c, uses_rows), c});
  }
  return findings;
}

}  // namespace locus::cli::claims
