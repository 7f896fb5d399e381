// The JSON form of references to weights.
#include <array>
#include <utility>

#include "engine/graph/graph_spec_detail.hpp"

namespace locus::graph {
namespace {

using Json = nlohmann::ordered_json;
using Kind = WeightStep::Kind;

// Each step may copy a weight, and each part may be the same one.
constexpr size_t max_steps = 64, max_parts = 1024;

constexpr std::array<std::pair<const char*, Kind>, 3> plain_steps{
    {{"reshape", Kind::reshape}, {"permute", Kind::permute}, {"slice", Kind::slice}}};

Json write_step(const WeightStep& step) {
  for (const auto& [name, kind] : plain_steps) {
    if (step.kind == kind) return {{name, step.sizes}};
  }
  Json others = Json::array();
  for (const auto& other : step.others) others.push_back(write_weight_ref(other));
  return {{"concatenate", {{"axis", step.axis}, {"others", std::move(others)}}}};
}

WeightStep read_concatenation(const detail::JsonPlace& place) {
  place.expect_keys({"axis", "others"});
  WeightStep step;
  step.kind = Kind::concatenate;
  step.axis = place.at("axis").integer();
  const auto others = place.at("others").items();
  if (others.size() > max_parts) place.at("others").refuse("at most 1,024 weights");
  for (const auto& other : others) step.others.push_back(read_weight_ref(other));
  return step;
}

WeightStep read_step(const detail::JsonPlace& place) {
  place.expect_keys({"reshape", "permute", "slice", "concatenate"});
  const auto members = place.members();
  if (members.size() != 1) place.refuse("one step");
  const auto& [key, value] = members.front();
  for (const auto& [name, kind] : plain_steps) {
    if (key == name) return {kind, value.integers(), 0, {}};
  }
  return read_concatenation(value);
}

}  // namespace

Json write_weight_ref(const WeightRef& ref) {
  if (ref.steps.empty()) return ref.name;
  Json steps = Json::array();
  for (const auto& step : ref.steps) steps.push_back(write_step(step));
  return {{"name", ref.name}, {"steps", std::move(steps)}};
}

WeightRef read_weight_ref(const detail::JsonPlace& place) {
  if (place.value().is_string()) return {.name = place.text(), .steps = {}};
  if (!place.value().is_object()) place.refuse("a name, or an object with name and steps");
  place.expect_keys({"name", "steps"});
  WeightRef ref{.name = place.at("name").text(), .steps = {}};
  const auto steps = place.at("steps").items();
  if (steps.size() > max_steps) place.at("steps").refuse("at most 64 steps");
  for (const auto& step : steps) ref.steps.push_back(read_step(step));
  return ref;
}

}  // namespace locus::graph
