#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "engine/positions/mechanisms/runs.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

/// A network of one hidden layer from a number to a bias for each head.
struct Network {
  Tensor up;         // [F]
  Tensor up_bias;    // [F]
  Tensor down;       // [H, F]
  Tensor down_bias;  // [H]
};

struct Line {
  double slope = 0, intercept = 0;

  double at(double x) const { return slope * x + intercept; }
};

/// What such a network says of numbers from 0 on: between the numbers at which a hidden unit begins
/// or ends it is a line for each head.
class Lines {
 public:
  explicit Lines(const Network& network) : heads_(network.down.shape()[0]) {
    for (int64_t unit = 0; unit < network.up.count(); ++unit) {
      const double knot =
          -static_cast<double>(network.up_bias.data()[unit]) / network.up.data()[unit];
      if (knot > 0 && std::isfinite(knot)) knots_.push_back(knot);
    }
    std::ranges::sort(knots_);
    for (size_t part = 0; part <= knots_.size(); ++part) {
      const double begin = part == 0 ? 0 : knots_[part - 1];
      const double inside = part == knots_.size() ? begin + 1 : (begin + knots_[part]) / 2;
      for (int64_t head = 0; head < heads_; ++head) lines_.push_back(line(network, head, inside));
    }
  }

  /// Where lines end, but for the last.
  std::span<const double> knots() const { return knots_; }
  const Line& line(int64_t head, size_t part) const {
    return lines_[part * static_cast<size_t>(heads_) + static_cast<size_t>(head)];
  }
  double at(int64_t head, double x) const {
    const auto part = std::ranges::upper_bound(knots_, x) - knots_.begin();
    return line(head, static_cast<size_t>(part)).at(x);
  }

 private:
  // The line through x.
  static Line line(const Network& network, int64_t head, double x) {
    Line sum{0, network.down_bias.data()[head]};
    for (int64_t unit = 0; unit < network.up.count(); ++unit) {
      const double up = network.up.data()[unit], bias = network.up_bias.data()[unit];
      const double weight = up * x + bias > 0 ? network.down.view()(head, unit) : 0;
      sum.slope += weight * up;
      sum.intercept += weight * bias;
    }
    return sum;
  }

  int64_t heads_;
  std::vector<double> knots_;  // ascending
  std::vector<Line> lines_;    // [knots + 1, H]
};

// s[i, j] += f(psi(|i - j|) / psi(max(L, i))), psi(x) = ln(1 + c x)
class Fire : public PositionalEncoding {
 public:
  Fire(const Network& network, double bend, double threshold, int64_t capacity)
      : lines_(network),
        bend_(bend),
        threshold_(threshold),
        reach_(std::max<int64_t>(0, tabulated(capacity) - 1)),
        table_({2 * reach_ + 1}) {
    for (int64_t distance = -reach_; distance <= reach_; ++distance) {
      table_.data()[distance + reach_] = static_cast<float>(psi(static_cast<double>(distance)));
    }
  }

  void score(View s, ConstView, ConstView, const Block& block) const override {  // s [H, Tq, Tk]
    const auto first_query = run_start(block.queries);
    const auto first_key = run_start(block.keys);
    for (int64_t h = 0; h < s.size(0); ++h) {
      const int64_t head = block.first_head + h;
      for (int64_t i = 0; i < s.size(1); ++i) {
        const auto row = s[h].row(i);  // [Tk]
        const double share = share_of(block.queries.at(i));
        if (first_query && first_key) {
          add_run(row, head, *first_key - *first_query - i, share);
          continue;
        }
        for (int64_t j = 0; j < s.size(2); ++j) {
          row[j] += static_cast<float>(lines_.at(head, share * psi(distance(block, i, j))));
        }
      }
    }
  }

 private:
  double psi(double distance) const { return std::log1p(bend_ * std::abs(distance)); }

  // What a query multiplies psi by.
  double share_of(double query) const {
    constexpr double min = 1e-6;  // as the paper's code has it: a bend of zero divides by nothing
    return 1 / (psi(std::max(threshold_, query)) + min);
  }

  // Keys of consecutive distances, line by line: those before the query and those from it on.
  void add_run(std::span<float> row, int64_t head, int64_t first_distance, double share) const {
    const auto count = static_cast<int64_t>(row.size());
    const int64_t query = std::clamp<int64_t>(-first_distance, 0, count);  // its own key
    const int64_t farthest = std::max(-first_distance, first_distance + count - 1);
    int64_t begin = 0;
    for (size_t part = 0; begin <= farthest; ++part) {
      const int64_t end = std::min(end_of(part, share), farthest + 1);  // of distances
      const Line& line = lines_.line(head, part);
      const auto add = [&](int64_t from, int64_t to, int64_t min, int64_t max) {
        from = std::clamp(from, min, max);
        add_line(row.subspan(from, std::clamp(to, from, max) - from), first_distance + from,
                 {share * line.slope, line.intercept});
      };
      add(1 - end - first_distance, 1 - begin - first_distance, 0, query);
      add(begin - first_distance, end - first_distance, query, count);
      begin = end;
    }
  }

  // The first distance after a line. Rounding may miss it by one: lines meet there.
  int64_t end_of(size_t part, double share) const {
    constexpr double far = 1LL << 62;
    if (part == lines_.knots().size()) return static_cast<int64_t>(far);
    return static_cast<int64_t>(
        std::min(far, std::ceil(std::expm1(lines_.knots()[part] / share) / bend_)));
  }

  // row[j] += slope psi(first + j) + intercept
  void add_line(std::span<float> row, int64_t first_distance, const Line& line) const {
    const auto count = static_cast<int64_t>(row.size());
    if (first_distance < -reach_ || first_distance + count > reach_ + 1) {
      for (int64_t j = 0; j < count; ++j) {
        row[j] += static_cast<float>(line.at(psi(static_cast<double>(first_distance + j))));
      }
      return;
    }
    const float* known = table_.data() + first_distance + reach_;
    const auto slope = static_cast<float>(line.slope);
    const auto intercept = static_cast<float>(line.intercept);
    for (int64_t j = 0; j < count; ++j) row[j] += slope * known[j] + intercept;
  }

  Lines lines_;
  double bend_;       // c
  double threshold_;  // L
  int64_t reach_;
  Tensor table_;  // psi of distances -reach ... reach
};

std::shared_ptr<const PositionalEncoding> make_fire(const Attributes& attributes,
                                                    SchemeWeights& weights,
                                                    const SchemeContext& context) {
  // Lines take the square of it.
  const int64_t hidden = Settings("fire", attributes).integer("hidden", {.min = 1, .max = 4096});
  const Initial zero{Initial::Kind::zero}, one{Initial::Kind::one};
  const Network network{weights.take("up", {hidden}, {Initial::Kind::normal, 1}),
                        weights.take("up_bias", {hidden}, zero),
                        weights.take("down", {context.heads, hidden}, {}),
                        weights.take("down_bias", {context.heads}, zero)};
  const Tensor bend = weights.take("bend", {1}, one);
  const Tensor threshold = weights.take("threshold", {1}, one);
  return std::make_shared<Fire>(network, std::abs(bend.data()[0]), std::abs(threshold.data()[0]),
                                context.capacity);
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
