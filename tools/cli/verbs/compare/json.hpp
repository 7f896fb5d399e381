// One measured model as JSON, and back.
#pragma once

#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {

/// Everything that was measured of a model, its verdict aside.
Json measured_json(const ComparedModel& model);
/// What `measured_json` wrote. Throws Json::exception or Error for anything else.
ComparedModel measured_model(const Json& json);

/// One run of a row, and back. Throws Json::exception or Error as above.
Json run_json(const SeedRun& run);
SeedRun seed_run(const Json& json);

Json units_json(const std::vector<Unit>& units);
std::vector<Unit> units_of(const Json& json);
Json interval_json(const Interval& interval);
/// Ends that are null are infinite.
Interval interval_of(const Json& json);
std::string floor_name(ModelFloor::Kind kind);
Standing standing_from(const std::string& name);

/// The curves of a run.
Json curves_json(const SeedRun& run);
void read_curves(SeedRun& run, const Json& json);

/// A number that may be null.
inline double number_or(const Json& json, double absent) {
  return json.is_null() ? absent : json.get<double>();
}
template <typename T>
std::optional<T> optional_of(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<T>());
}

}  // namespace locus::cli
