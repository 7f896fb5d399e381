// One measured model as JSON, and back.
#pragma once

#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {

/// Everything that was measured of a model, its verdict aside.
Json measured_json(const ComparedModel& model);
/// What `measured_json` wrote. Throws Json::exception or Error for anything else.
ComparedModel measured_model(const Json& json);

Json units_json(const std::vector<Unit>& units);
std::vector<Unit> units_of(const Json& json);
Json interval_json(const Interval& interval);
std::string floor_name(ModelFloor::Kind kind);

}  // namespace locus::cli
