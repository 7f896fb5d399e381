#include <algorithm>

#include "base/error.hpp"
#include "base/random.hpp"
#include "evaluation/probes.hpp"

namespace locus {
namespace {

constexpr int64_t most_held = int64_t{1} << 20;  // tokens of trials that are scored together

/// Draws from an alphabet, none twice before all were drawn once.
class Draw {
 public:
  Draw(const std::vector<int32_t>& alphabet, uint64_t seed) : left_(alphabet), random_(seed) {}

  std::vector<int32_t> tokens(int64_t count) {
    std::vector<int32_t> drawn;
    for (int64_t i = 0; i < count; ++i) drawn.push_back(next());
    return drawn;
  }

 private:
  int32_t next() {
    if (used_ == left_.size()) used_ = 0;
    const auto rest = static_cast<int64_t>(left_.size() - used_);
    std::swap(left_[used_], left_[used_ + static_cast<size_t>(random_.below(rest))]);
    return left_[used_++];
  }

  std::vector<int32_t> left_;  // those after `used_` can still be drawn
  size_t used_ = 0;
  Random random_;
};

void append(std::vector<int32_t>& ids, const std::vector<int32_t>& more) {
  ids.insert(ids.end(), more.begin(), more.end());
}

void check(const RecallSettings& settings) {
  if (settings.alphabet.size() < 2) {
    throw Error("recall", "an alphabet of two tokens or more",
                std::to_string(settings.alphabet.size()));
  }
  for (const int64_t distance : settings.distances) {
    if (distance > settings.length + 1) continue;  // two tokens between: what a trigram remembers
    throw Error("recall", "distances above " + std::to_string(settings.length + 1),
                std::to_string(distance));
  }
}

/// The repeated string, then the control.
void add_trial(std::vector<ProbeText>& probes, const RecallSettings& settings, int64_t distance,
               int64_t trial) {
  Draw draw(settings.alphabet, settings.seed + static_cast<uint64_t>(trial));
  const auto string = draw.tokens(settings.length), other = draw.tokens(settings.length);
  const auto gap = draw.tokens(distance - settings.length);
  for (const auto* first : {&string, &other}) {
    ProbeText& probe = probes.emplace_back();
    append(probe.ids, *first);
    append(probe.ids, gap);
    append(probe.ids, string);
    probe.from = distance;
  }
}

/// How much each token of each repeated string gains.
void add_gains(RecallPoint& point, const FloorLosses& losses) {
  for (size_t i = 0; i < losses.size(); i += 2) {
    auto& gains = point.gains.emplace_back();
    for (size_t at = 0; at < losses[i].size(); ++at) {
      gains.push_back(losses[i + 1][at] - losses[i][at]);
    }
  }
}

}  // namespace

std::vector<RecallPoint> probe_recall(const ScoreProbe& score, const RecallSettings& settings) {
  check(settings);
  std::vector<RecallPoint> points;
  for (const int64_t distance : settings.distances) {
    RecallPoint& point = points.emplace_back();
    point.distance = distance;
    std::vector<ProbeText> probes;
    for (int64_t trial = 0; trial < settings.trials; ++trial) {
      add_trial(probes, settings, distance, trial);
      const bool enough = std::ssize(probes) * distance >= most_held;
      if (!enough && trial + 1 < settings.trials) continue;
      add_gains(point, score(probes));
      probes.clear();
    }
  }
  return points;
}

std::vector<Unit> recall_units(std::span<const RecallPoint> points) {
  std::vector<Unit> units;
  for (const RecallPoint& point : points) {
    units.resize(point.gains.size());
    for (size_t trial = 0; trial < units.size(); ++trial) {
      for (const double gain : point.gains[trial]) {
        units[trial].sum += gain;
        units[trial].weight += 1;
      }
    }
  }
  return units;
}

std::vector<double> gain_by_position(const RecallPoint& point) {
  std::vector<double> means(point.gains.empty() ? 0 : point.gains.front().size());
  for (const auto& gains : point.gains) {
    for (size_t at = 0; at < means.size(); ++at) {
      means[at] += gains[at] / static_cast<double>(point.gains.size());
    }
  }
  return means;
}

}  // namespace locus
