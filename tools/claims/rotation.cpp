// Does RoPE bring in positions by turning vectors?
#include <cmath>
#include <numbers>

#include "evaluation/score_units.hpp"
#include "tools/claims/bench.hpp"
#include "tools/claims/measures.hpp"
#include "tools/cli/verbs/position/view.hpp"

namespace locus::cli::claims {
namespace {

enum RotationLabel : size_t { shifted_loss, rotated_spread, turned_angle };

constexpr int64_t rotated_width = 32, rotated_positions = 1024, rotated_distance = 2;

/// Inner products of two fixed vectors rotated at p + `distance` and p, for every p.
std::vector<double> rotated_products() {
  const PositionSubject subject =
      subject_of_scheme("rope", {rotated_positions, rotated_width, 1, rotated_width});
  Tensor q({1, rotated_positions, rotated_width}), k({1, rotated_positions, rotated_width});
  for (int64_t row = 0; row < rotated_positions; ++row) {
    for (int64_t i = 0; i < rotated_width; ++i) {
      q.view()(0, row, i) = static_cast<float>(std::sin(1.0 + static_cast<double>(i)));
      k.view()(0, row, i) = static_cast<float>(std::cos(2.0 * static_cast<double>(i)));
    }
  }
  Scratch scratch;
  const Positions later{rotated_distance, rotated_positions, {}, 1},
      earlier{0, rotated_positions, {}, 1};
  subject.encoding->rotate(q.view(), Role::query, {later, later, 0, rotated_positions, 1, scratch});
  subject.encoding->rotate(k.view(), Role::key,
                           {earlier, earlier, 0, rotated_positions, 1, scratch});
  std::vector<double> products(rotated_positions);
  for (int64_t row = 0; row < rotated_positions; ++row) {
    for (int64_t i = 0; i < rotated_width; ++i) {
      products[row] += double{q.view()(0, row, i)} * k.view()(0, row, i);
    }
  }
  return products;
}

/// By how much position 5 turns the first pair, over what position 1 does.
double units_of_angle() {
  const auto angle = [](int64_t position) {
    const PositionSubject subject = subject_of_scheme("rope", {1, 2, 1, 2});
    Tensor pair({1, 1, 2});
    pair.values()[0] = 1;
    Scratch scratch;
    const Positions at{position, 1, {}, 1};
    subject.encoding->rotate(pair.view(), Role::query, {at, at, 0, position + 1, 1, scratch});
    const double turned = std::atan2(pair.values()[1], pair.values()[0]);
    return turned < 0 ? turned + 2 * std::numbers::pi : turned;
  };
  return angle(5) / angle(1);
}

Support unchanged(double change) {
  return change < rounding_in_nats ? Support::confirms : Support::contradicts;
}

}  // namespace

Findings measure_rotation(Bench& bench) {
  const std::string name = "causal-rope";
  Findings findings;
  const Scored trained = bench.whole(*bench.reader(name));
  for (const int by : {1, 7, 64, 1000}) {
    const auto reader = bench.changed(name, change_of(EncodingChange::Kind::shift, by));
    const double largest = largest_change(trained.scores, bench.whole(*reader).scores);
    findings.figures.push_back({shifted_loss, std::to_string(by), largest, unchanged(largest)});
  }
  const std::vector<double> products = rotated_products();
  double spread = 0;
  for (const double each : products) spread = std::max(spread, std::abs(each - products[0]));
  findings.figures.push_back({rotated_spread, "", spread, unchanged(spread)});
  const double units = units_of_angle();
  findings.figures.push_back({turned_angle, "", units, unchanged(std::abs(units - 5))});
  return findings;
}

}  // namespace locus::cli::claims
