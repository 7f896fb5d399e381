#include "engine/positions/formula/program.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace locus::positions {

/// Where a run finds its values.
struct Program::Place {
  double query;
  std::span<const double> keys;
  std::span<const double> distances;
  Slots& slots;
};

double element_of(const Tensor& table, std::span<const double> indices) {
  int64_t place = 0;
  for (size_t axis = 0; axis < indices.size(); ++axis) {
    const int64_t size = table.shape()[axis];
    const double index = indices[axis];
    const bool inside = index >= 0 && index < static_cast<double>(size);  // no NaN either
    if (!inside || index != std::floor(index)) return std::numeric_limits<double>::quiet_NaN();
    place = place * size + static_cast<int64_t>(index);
  }
  return static_cast<double>(table.data()[place]);
}

Operand Program::operand(int step, const Place& place) const {
  const Step& from = steps_[static_cast<size_t>(step)];
  switch (from.kind) {
    case Kind::constant:
      return {&from.constant, 0};
    case Kind::query:
      return {&place.query, 0};
    case Kind::key:
      return {place.keys.data(), 1};
    case Kind::distance:
      return {place.distances.data(), 1};
    default:
      return {place.slots.data() + from.slot * lanes, from.uniform ? size_t{0} : size_t{1}};
  }
}

void Program::run_step(const Step& step, size_t count, const Place& place) const {
  double* out = place.slots.data() + step.slot * lanes;
  Operands in;
  size_t inputs = 0;
  for (; inputs < max_arguments && step.inputs[inputs] >= 0; ++inputs) {
    in[inputs] = operand(step.inputs[inputs], place);
  }
  if (step.kind == Kind::call) return step.function->run(count, out, in);
  for (size_t lane = 0; lane < count; ++lane) {
    std::array<double, max_arguments> indices{};
    for (size_t axis = 0; axis < inputs; ++axis) indices[axis] = in[axis].at(lane);
    out[lane] = element_of(*step.table, std::span(indices).first(inputs));
  }
}

void Program::run(double query, std::span<const double> keys, std::span<const double> distances,
                  std::span<double> values) const {
  Slots slots;
  const Place place{query, keys, distances, slots};
  for (const Step& step : steps_) {
    if (step.kind != Kind::call && step.kind != Kind::element) continue;
    run_step(step, step.uniform ? 1 : values.size(), place);
  }
  const Operand result = operand(static_cast<int>(steps_.size()) - 1, place);
  for (size_t lane = 0; lane < values.size(); ++lane) values[lane] = result.at(lane);
}

// A slot is given back after the last step that reads it.
void Program::assign_slots(const std::string& who) {
  std::vector<size_t> last_use(steps_.size(), steps_.size());
  for (size_t at = 0; at < steps_.size(); ++at) {
    for (const int input : steps_[at].inputs) {
      if (input >= 0) last_use[static_cast<size_t>(input)] = at;
    }
  }
  std::vector<size_t> free;
  size_t slots = 0;
  const auto computed = [](const Step& step) {
    return step.kind == Kind::call || step.kind == Kind::element;
  };
  for (size_t at = 0; at < steps_.size(); ++at) {
    Step& step = steps_[at];
    if (!computed(step)) continue;
    if (free.empty()) free.push_back(slots++);
    step.slot = free.back();
    free.pop_back();
    for (size_t axis = 0; axis < max_arguments && step.inputs[axis] >= 0; ++axis) {
      const auto input = static_cast<size_t>(step.inputs[axis]);
      const auto earlier = std::span(step.inputs).first(axis);
      if (std::ranges::find(earlier, step.inputs[axis]) != earlier.end()) continue;
      if (computed(steps_[input]) && last_use[input] == at) free.push_back(steps_[input].slot);
    }
  }
  if (slots > max_slots) {
    throw Error(who, "at most " + std::to_string(max_slots) + " values at a time",
                std::to_string(slots));
  }
}

}  // namespace locus::positions
