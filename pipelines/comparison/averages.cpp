// A row of several runs: every figure is a mean, and every run is held to the floor by itself.
#include <algorithm>
#include <cmath>

#include "pipelines/comparison.hpp"
#include "pipelines/comparison/curves.hpp"
#include "pipelines/comparison/floors.hpp"

namespace locus {
namespace {

template <typename Figure>
double mean_of(const std::vector<SeedRun>& runs, const Figure& figure) {
  double sum = 0;
  for (const SeedRun& run : runs) sum += figure(run);
  return sum / static_cast<double>(runs.size());
}

/// Units of which each sum is the mean of the runs' sums.
std::vector<Unit> mean_units(const std::vector<const std::vector<Unit>*>& runs) {
  std::vector<Unit> means = *runs.front();
  for (size_t i = 0; i < means.size(); ++i) {
    means[i].sum = 0;
    for (const auto* units : runs) means[i].sum += (*units)[i].sum;
    means[i].sum /= static_cast<double>(runs.size());
  }
  return means;
}

/// The points of each run that agree with one of the first run's; nothing where a run has none.
template <typename Point, typename Same>
std::vector<const Point*> matching(const Point& first, const std::vector<SeedRun>& runs,
                                   std::vector<Point> SeedRun::*curve, const Same& same) {
  std::vector<const Point*> points;
  for (const SeedRun& run : runs) {
    const auto found =
        std::ranges::find_if(run.*curve, [&](const Point& point) { return same(point, first); });
    if (found == (run.*curve).end()) return {};
    points.push_back(&*found);
  }
  return points;
}

template <typename Point, typename Figure>
double mean_at(const std::vector<const Point*>& points, const Figure& figure) {
  double sum = 0;
  for (const Point* point : points) sum += point->*figure;
  return sum / static_cast<double>(points.size());
}

std::vector<LengthPoint> mean_lengths(const std::vector<SeedRun>& runs,
                                      std::vector<LengthPoint> SeedRun::*curve,
                                      const CancelCheck& check) {
  const auto same = [](const LengthPoint& a, const LengthPoint& b) {
    return a.length == b.length && a.tokens == b.tokens && a.units.size() == b.units.size();
  };
  std::vector<LengthPoint> means;
  for (const LengthPoint& first : runs.front().*curve) {
    const auto points = matching(first, runs, curve, same);
    if (points.empty()) continue;
    std::vector<const std::vector<Unit>*> units;
    units.reserve(points.size());
    for (const LengthPoint* point : points) units.push_back(&point->units);
    LengthPoint& mean = means.emplace_back(first);
    mean.nll = mean_at(points, &LengthPoint::nll);
    mean.top1 = mean_at(points, &LengthPoint::top1);
    mean.top5 = mean_at(points, &LengthPoint::top5);
    mean.entropy = mean_at(points, &LengthPoint::entropy);
    mean.units = mean_units(units);
    mean.interval = bootstrap(mean.units, {.check = check});
  }
  return means;
}

std::vector<CurvePoint> mean_positions(const std::vector<SeedRun>& runs) {
  const auto same = [](const CurvePoint& a, const CurvePoint& b) {
    return a.context == b.context && a.tokens == b.tokens;
  };
  std::vector<CurvePoint> means;
  for (const CurvePoint& first : runs.front().by_position) {
    const auto points = matching(first, runs, &SeedRun::by_position, same);
    if (points.empty()) continue;
    means.push_back(first);
    means.back().nll = mean_at(points, &CurvePoint::nll);
  }
  return means;
}

std::vector<TrainingPoint> mean_training(const std::vector<SeedRun>& runs) {
  const auto same = [](const TrainingPoint& a, const TrainingPoint& b) {
    return a.context == b.context && a.tokens == b.tokens;
  };
  std::vector<TrainingPoint> means;
  for (const TrainingPoint& first : runs.front().training_curve) {
    const auto points = matching(first, runs, &SeedRun::training_curve, same);
    if (points.empty()) continue;
    means.push_back(first);
    means.back().validation = mean_at(points, &TrainingPoint::validation);
    means.back().validation_short.reset();
  }
  return means;
}

void average_summary(ComparedModel& row) {
  Summary& summary = row.summary;
  const auto tokens = static_cast<double>(summary.tokens);
  summary.nll =
      tokens * mean_of(row.runs, [](const SeedRun& run) { return std::log(run.perplexity); });
  summary.perplexity = std::exp(summary.nll / tokens);
  summary.bits_per_byte = mean_of(row.runs, [](const SeedRun& run) { return run.bits_per_byte; });
  const auto per = [&](int64_t count) { return summary.nll / static_cast<double>(count); };
  if (summary.bits_per_character) {
    summary.bits_per_character = per(summary.extent.characters) / std::log(2.0);
  }
  if (summary.word_perplexity) summary.word_perplexity = std::exp(per(summary.extent.words));
  summary.top1 = mean_of(row.runs, [](const SeedRun& run) { return run.top1; });
  summary.top5 = mean_of(row.runs, [](const SeedRun& run) { return run.top5; });
  summary.entropy = mean_of(row.runs, [](const SeedRun& run) { return run.entropy; });
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
  judge_runs(row, check);
  if (row.runs.size() < 2) return;
  std::vector<const std::vector<Unit>*> units;
  for (const SeedRun& run : row.runs) units.push_back(&run.units);
  row.units = mean_units(units);
  row.bits_per_byte = bootstrap(row.units, {.check = check});
  average_summary(row);
  row.by_position = mean_positions(row.runs);
  row.by_length = mean_lengths(row.runs, &SeedRun::by_length, check);
  row.disjoint = mean_lengths(row.runs, &SeedRun::disjoint, check);
  pipelines::add_changes(row.by_length, row.trained_context, check);
  row.training_curve = mean_training(row.runs);
  for (ModelFloor& floor : row.floors) pipelines::hold_to_floor(floor, row.units, check);
  row.standing = pipelines::standing_of(row.floors);
  const auto any = [&](Standing standing) {
    return std::ranges::find(row.runs, standing, &SeedRun::standing) != row.runs.end();
  };
  if (any(Standing::unknown)) row.standing = Standing::unknown;
  if (any(Standing::not_trained)) row.standing = Standing::not_trained;
}

}  // namespace locus
