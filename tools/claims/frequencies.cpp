// Do higher dimensions vary faster?
#include "tools/claims/measures.hpp"
#include "tools/claims/sinusoid_rows.hpp"

namespace locus::cli::claims {
namespace {

enum FrequencyLabel : size_t { first_pair, last_pair, faster_pairs };

}  // namespace

Findings measure_frequencies(Bench&) {
  const std::vector<double> angles = angles_of_scheme("sinusoidal");
  int faster = 0;
  for (size_t pair = 1; pair < angles.size(); ++pair) faster += angles[pair] > angles[pair - 1];
  std::vector<DrawnPoint> curve;
  for (size_t pair = 0; pair < angles.size(); ++pair) {
    curve.push_back({static_cast<double>(pair + 1), angles[pair]});
  }
  return {
      {{first_pair, "", angles.front()},
       {last_pair, "", angles.back()},
       {faster_pairs, "", double(faster), faster > 0 ? Support::confirms : Support::contradicts}},
      0,
      {},
      std::move(curve)};
}

}  // namespace locus::cli::claims
