// A row of several runs: every figure is a mean, and every run is held to the floor by itself.
#include <algorithm>
#include <cmath>
#include <functional>

#include "base/float_environment.hpp"
#include "pipelines/comparison.hpp"
#include "pipelines/comparison/curves.hpp"
#include "pipelines/comparison/floors.hpp"

namespace locus {
namespace {

/// Of a figure of each item; items may be pointers.
template <typename Items, typename Figure>
double mean_of(const Items& items, const Figure& figure) {
  double sum = 0;
  for (const auto& item : items) sum += std::invoke(figure, item);
  return sum / static_cast<double>(items.size());
}

/// Units of which each sum is the mean of the items' sums.
template <typename Items, typename Item>
std::vector<Unit> mean_units(const Items& items, std::vector<Unit> Item::*units) {
  std::vector<Unit> means = std::invoke(units, items.front());
  for (size_t i = 0; i < means.size(); ++i) {
    means[i].sum =
        mean_of(items, [&](const auto& item) { return std::invoke(units, item)[i].sum; });
  }
  return means;
}

template <typename Point>
bool same_place(const Point& a, const Point& b) {
  return a.context == b.context && a.tokens == b.tokens;
}

bool same_place(const LengthPoint& a, const LengthPoint& b) {
  return a.length == b.length && a.tokens == b.tokens && a.units.size() == b.units.size();
}

/// The points of one place, one of each run.
template <typename Point>
using Points = std::vector<const Point*>;

void average(LengthPoint& mean, const Points<LengthPoint>& points, const CancelCheck& check) {
  mean.nll = mean_of(points, &LengthPoint::nll);
  mean.top1 = mean_of(points, &LengthPoint::top1);
  mean.top5 = mean_of(points, &LengthPoint::top5);
  mean.entropy = mean_of(points, &LengthPoint::entropy);
  mean.units = mean_units(points, &LengthPoint::units);
  mean.interval = bootstrap(mean.units, {.check = check});
}

void average(CurvePoint& mean, const Points<CurvePoint>& points, const CancelCheck&) {
  mean.nll = mean_of(points, &CurvePoint::nll);
}

void average(TrainingPoint& mean, const Points<TrainingPoint>& points, const CancelCheck&) {
  mean.validation = mean_of(points, &TrainingPoint::validation);
  mean.validation_short.reset();
}

/// What each run has at the place of the first run's point; nothing where a run has no such point.
template <typename Point>
Points<Point> points_at(const Point& first, const std::vector<SeedRun>& runs,
                        std::vector<Point> SeedRun::*curve) {
  Points<Point> points;
  for (const SeedRun& run : runs) {
    const auto found = std::ranges::find_if(
        run.*curve, [&](const Point& point) { return same_place(point, first); });
    if (found == (run.*curve).end()) return {};
    points.push_back(&*found);
  }
  return points;
}

template <typename Point>
std::vector<Point> mean_curve(const std::vector<SeedRun>& runs, std::vector<Point> SeedRun::*curve,
                              const CancelCheck& check) {
  std::vector<Point> means;
  for (const Point& first : runs.front().*curve) {
    const auto points = points_at(first, runs, curve);
    if (!points.empty()) average(means.emplace_back(first), points, check);
  }
  return means;
}

void average_summary(ComparedModel& row) {
  Summary& summary = row.summary;
  const auto tokens = static_cast<double>(summary.tokens);
  summary.nll =
      tokens * mean_of(row.runs, [](const SeedRun& run) { return std::log(run.perplexity); });
  summary.perplexity = std::exp(summary.nll / tokens);
  summary.bits_per_byte = mean_of(row.runs, &SeedRun::bits_per_byte);
  const auto per = [&](int64_t count) { return summary.nll / static_cast<double>(count); };
  if (summary.bits_per_character) {
    summary.bits_per_character = per(summary.extent.characters) / std::log(2.0);
  }
  if (summary.word_perplexity) summary.word_perplexity = std::exp(per(summary.extent.words));
  summary.top1 = mean_of(row.runs, &SeedRun::top1);
  summary.top5 = mean_of(row.runs, &SeedRun::top5);
  summary.entropy = mean_of(row.runs, &SeedRun::entropy);
}

void judge_runs(ComparedModel& row, const CancelCheck& check) {
  if (row.floors.empty()) return;
  ModelFloor floor = row.floors.back();
  for (SeedRun& run : row.runs) {
    pipelines::hold_to_floor(floor, run.units, check);
    run.lead = floor.lead;
    run.standing = pipelines::standing_of({floor});
  }
}

}  // namespace

SeedRun run_of(const ComparedModel& model) {
  SeedRun run;
  run.name = model.name;
  if (model.training) run.seed = model.training->seed;
  run.bits_per_byte = model.summary.bits_per_byte.value_or(0);
  run.perplexity = model.summary.perplexity;
  run.units = model.units;
  run.top1 = model.summary.top1;
  run.top5 = model.summary.top5;
  run.entropy = model.summary.entropy;
  run.by_position = model.by_position;
  run.by_length = model.by_length;
  run.disjoint = model.disjoint;
  run.training_curve = model.training_curve;
  run.files = model.files;
  run.standing = model.standing;
  if (!model.floors.empty()) run.lead = model.floors.back().lead;
  return run;
}

void average_runs(ComparedModel& row, const CancelCheck& check) {
  const DefaultFloats floats;
  judge_runs(row, check);
  if (row.runs.size() < 2) return;
  row.units = mean_units(row.runs, &SeedRun::units);
  row.bits_interval = bootstrap(row.units, {.check = check});
  average_summary(row);
  row.by_position = mean_curve(row.runs, &SeedRun::by_position, check);
  row.by_length = mean_curve(row.runs, &SeedRun::by_length, check);
  row.disjoint = mean_curve(row.runs, &SeedRun::disjoint, check);
  pipelines::add_changes(row.by_length, row.trained_context, check);
  row.training_curve = mean_curve(row.runs, &SeedRun::training_curve, check);
  for (ModelFloor& floor : row.floors) pipelines::hold_to_floor(floor, row.units, check);
  row.standing = pipelines::standing_of(row.floors);
  const auto any = [&](Standing standing) {
    return std::ranges::find(row.runs, standing, &SeedRun::standing) != row.runs.end();
  };
  if (any(Standing::unknown)) row.standing = Standing::unknown;
  if (any(Standing::not_trained)) row.standing = Standing::not_trained;
}

}  // namespace locus
