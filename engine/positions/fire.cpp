#include <algorithm>
#include <cmath>

#include "engine/positions/runs.hpp"
#include "engine/positions/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

/// A network of one hidden layer from a number to a bias for each head.
struct Network {
  Tensor up;         // [F]
  Tensor up_bias;    // [F]
  Tensor down;       // [H, F]
  Tensor down_bias;  // [H]

  double of(int64_t head, double x) const {
    double sum = down_bias.data()[head];
    const auto weights = down.view().row(head);  // [F]
    for (size_t i = 0; i < weights.size(); ++i) {
      sum += weights[i] * std::max(0.0, up.data()[i] * x + up_bias.data()[i]);
    }
    return sum;
  }
};

// s[i, j] += f(psi(|i - j|) / psi(max(L, i))), psi(x) = ln(1 + c x)
class Fire : public PositionalEncoding {
 public:
  Fire(Network network, double bend, double threshold, int64_t capacity)
      : network_(std::move(network)), bend_(bend), threshold_(threshold), heads_(heads()) {
    const int64_t reach = tabulated(capacity);
    table_ = Tensor({heads_, reach});
    for (int64_t head = 0; head < heads_; ++head) {
      for (int64_t past = 0; past < reach; ++past) {
        table_.view()(head, past) = bias(head, static_cast<double>(past), threshold_);
      }
    }
  }

  void score(View s, ConstView, ConstView, const Block& block) const override {  // s [H, Tq, Tk]
    for (int64_t h = 0; h < s.size(0); ++h) {
      for (int64_t i = 0; i < s.size(1); ++i) {
        const auto row = s[h].row(i);  // [Tk]
        const double limit = std::max(threshold_, block.queries.at(i));
        for (int64_t j = 0; j < s.size(2); ++j) {
          row[j] += known(block.first_head + h, std::abs(distance(block, i, j)), limit);
        }
      }
    }
  }
  int64_t parameters() const override {
    return network_.up.count() + network_.up_bias.count() + network_.down.count() +
           network_.down_bias.count() + 2;
  }

 private:
  int64_t heads() const { return network_.down.shape()[0]; }
  double psi(double past) const { return std::log1p(bend_ * past); }

  float bias(int64_t head, double past, double limit) const {
    constexpr double least = 1e-6;  // as the paper's code has it: a bend of zero divides by nothing
    return static_cast<float>(network_.of(head, psi(past) / (psi(limit) + least)));
  }

  // Up to the threshold every query has the same divisor, and the bias depends on the distance.
  float known(int64_t head, double past, double limit) const {
    const bool tabled = limit == threshold_ && past < static_cast<double>(table_.shape()[1]) &&
                        past == std::floor(past);
    return tabled ? table_.view()(head, static_cast<int64_t>(past)) : bias(head, past, limit);
  }

  Network network_;
  double bend_;       // c
  double threshold_;  // L
  int64_t heads_;
  Tensor table_;  // biases by distance at the threshold. [H, reach]
};

std::shared_ptr<const PositionalEncoding> make_fire(const Attributes& attributes,
                                                    SchemeWeights& weights,
                                                    const SchemeContext& context) {
  const int64_t hidden = Settings("fire", attributes).at_least(1, "hidden");
  const Initial zero{Initial::Kind::zero}, one{Initial::Kind::one};
  Network network{weights.take("up", {hidden}, {Initial::Kind::normal, 1}),
                  weights.take("up_bias", {hidden}, zero),
                  weights.take("down", {context.heads, hidden}, {}),
                  weights.take("down_bias", {context.heads}, zero)};
  const Tensor bend = weights.take("bend", {1}, one);
  const Tensor threshold = weights.take("threshold", {1}, one);
  return std::make_shared<Fire>(std::move(network), std::abs(bend.data()[0]),
                                std::abs(threshold.data()[0]), context.capacity);
}

}  // namespace

// Weights `up` and `up_bias` [hidden], `down` [H, hidden], `down_bias` [H] of the network; `bend`
// [1] is c and `threshold` [1] is L in positions, of which the magnitudes count. Initially up is
// normal, deviation 1, down normal, deviation 0.02, bend and threshold 1, biases 0.
Scheme fire() {
  Scheme row;
  row.name = "fire";
  row.summary = "a small network's bias by the distance's share of the query's own position";
  row.source = "Li et al. 2024, Functional Interpolation for Relative Positions, section 3";
  row.parameters = {{"hidden", int64_t{32}, "width of the network's hidden layer"}};
  // Queries beyond the threshold divide by their own position.
  row.traits.absolute = true;
  row.traits.learned = true;
  row.make = make_fire;
  return row;
}

}  // namespace locus::positions
