// One run of a row as JSON, and back: its figures, its documents and its curves.
#include <array>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "tools/cli/verbs/compare/json.hpp"

namespace locus::cli {
namespace {

Json counted_json(const std::vector<Unit>& units, const char* sum, const char* weight) {
  Json sums = Json::array(), weights = Json::array();
  for (const Unit& unit : units) {
    sums.push_back(unit.sum);
    weights.push_back(unit.weight);
  }
  return {{sum, std::move(sums)}, {weight, std::move(weights)}};
}

std::vector<Unit> counted(const Json& json, const char* sum, const char* weight) {
  const Json& sums = json.at(sum);
  const Json& weights = json.at(weight);
  if (sums.size() != weights.size()) {
    throw Error("units", std::string("as many ") + sum + " as " + weight,
                std::to_string(sums.size()));
  }
  std::vector<Unit> units;
  for (size_t i = 0; i < sums.size(); ++i) units.push_back({sums[i], weights[i]});
  return units;
}

Json points_json(const std::vector<LengthPoint>& points) {
  Json list = Json::array();
  for (const LengthPoint& point : points) {
    list.push_back({{"length", point.length},
                    {"tokens", point.tokens},
                    {"nll", point.nll},
                    {"perplexity", finite_or_null(std::exp(point.nll))},
                    {"ci95", interval_json(point.interval)},
                    {"change", point.change},
                    {"change_ci95", interval_json(point.change_interval)},
                    {"top1", point.top1},
                    {"top5", point.top5},
                    {"entropy", point.entropy},
                    {"units", counted_json(point.units, "nats", "tokens")}});
  }
  return list;
}

std::vector<LengthPoint> points_of(const Json& list) {
  std::vector<LengthPoint> points;
  for (const Json& json : list) {
    LengthPoint point;
    point.length = json.at("length");
    point.tokens = json.at("tokens");
    point.nll = json.at("nll");
    point.interval = interval_of(json.at("ci95"));
    point.change = json.at("change");
    point.change_interval = interval_of(json.at("change_ci95"));
    point.top1 = json.at("top1");
    point.top5 = json.at("top5");
    point.entropy = json.at("entropy");
    point.units = counted(json.at("units"), "nats", "tokens");
    points.push_back(std::move(point));
  }
  return points;
}

Json training_json(const std::vector<TrainingPoint>& points) {
  Json list = Json::array();
  for (const TrainingPoint& point : points) {
    list.push_back(
        {{"tokens", point.tokens}, {"context", point.context}, {"validation", point.validation}});
  }
  return list;
}

std::vector<TrainingPoint> training_of(const Json& list) {
  std::vector<TrainingPoint> points;
  for (const Json& json : list) {
    points.push_back({json.at("tokens"), json.at("context"), json.at("validation"), {}});
  }
  return points;
}

}  // namespace

Json interval_json(const Interval& interval) {
  return {finite_or_null(interval.low), finite_or_null(interval.high)};
}

Interval interval_of(const Json& json) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return {number_or(json.at(0), -infinity), number_or(json.at(1), infinity)};
}

Json units_json(const std::vector<Unit>& units) { return counted_json(units, "bits", "bytes"); }

std::vector<Unit> units_of(const Json& json) { return counted(json, "bits", "bytes"); }

Standing standing_from(const std::string& name) {
  for (const Standing standing : {Standing::trained, Standing::not_trained, Standing::unknown}) {
    if (to_string(standing) == name) return standing;
  }
  throw Error("measured model", "a known status", "'" + name + "'");
}

Json curves_json(const SeedRun& run) {
  Json positions = Json::array();
  for (const CurvePoint& point : run.by_position) {
    positions.push_back({{"context", point.context}, {"tokens", point.tokens}, {"nll", point.nll}});
  }
  return {{"loss_by_position", positions},
          {"loss_by_length", points_json(run.by_length)},
          {"loss_disjoint", points_json(run.disjoint)},
          {"training_curve", training_json(run.training_curve)}};
}

void read_curves(SeedRun& run, const Json& json) {
  for (const Json& point : json.at("loss_by_position")) {
    run.by_position.push_back({point.at("context"), point.at("tokens"), point.at("nll")});
  }
  run.by_length = points_of(json.at("loss_by_length"));
  run.disjoint = points_of(json.at("loss_disjoint"));
  run.training_curve = training_of(json.at("training_curve"));
}

Json run_json(const SeedRun& run) {
  Json json{{"name", run.name},
            {"seed", or_null(run.seed)},
            {"status", to_string(run.standing)},
            {"lead_over_floor", run.lead},
            {"bits_per_byte", run.bits_per_byte},
            {"perplexity", finite_or_null(run.perplexity)},
            {"top1", run.top1},
            {"top5", run.top5},
            {"entropy", run.entropy},
            {"units", units_json(run.units)},
            {"files", run.files}};
  json.update(curves_json(run));
  return json;
}

SeedRun seed_run(const Json& json) {
  SeedRun run;
  run.name = json.at("name");
  run.seed = optional_of<int64_t>(json.at("seed"));
  run.standing = standing_from(json.at("status"));
  run.lead = json.at("lead_over_floor");
  run.bits_per_byte = json.at("bits_per_byte");
  run.perplexity = number_or(json.at("perplexity"), INFINITY);
  run.top1 = json.at("top1");
  run.top5 = json.at("top5");
  run.entropy = json.at("entropy");
  run.units = units_of(json.at("units"));
  run.files = json.at("files").get<std::map<std::string, std::string>>();
  read_curves(run, json);
  return run;
}

}  // namespace locus::cli
