#include <algorithm>
#include <limits>

#include "engine/graph/plan.hpp"

namespace locus::graph {
namespace {

constexpr size_t forever = std::numeric_limits<size_t>::max();

/// The step after which each value is not read again.
std::vector<size_t> last_uses(const std::vector<Value>& values, const std::vector<Step>& steps,
                              const std::map<std::string, int>& outputs) {
  std::vector<size_t> last(values.size(), 0);
  for (size_t step = 0; step < steps.size(); ++step) {
    for (int output : steps[step].outputs) last[output] = std::max(last[output], step);
    for (int input : steps[step].inputs) {
      const bool later_stage = values[input].stage != steps[step].stage;
      last[input] = later_stage ? forever : std::max(last[input], step);
    }
  }
  for (const auto& [name, value] : outputs) last[value] = forever;
  return last;
}

class SlotTable {
 public:
  int take() {
    if (free_.empty()) return count_++;
    const int slot = free_.back();
    free_.pop_back();
    given_back_[slot] = false;
    return slot;
  }
  void give_back(int slot) {
    given_back_.resize(count_);
    if (!given_back_[slot]) free_.push_back(slot);
    given_back_[slot] = true;
  }
  int count() const { return count_; }

 private:
  std::vector<int> free_;
  std::vector<bool> given_back_;  // by slot
  int count_ = 0;
};

bool same_form(const Value& a, const Value& b) {
  return a.width == b.width && a.rows == b.rows && a.stream == b.stream;
}

}  // namespace

int assign_slots(std::vector<Value>& values, const std::vector<Step>& steps,
                 const std::map<std::string, int>& outputs) {
  const std::vector<size_t> last = last_uses(values, steps, outputs);
  SlotTable slots;
  for (size_t index = 0; index < steps.size(); ++index) {
    const Step& step = steps[index];
    const auto dies = [&](int value) { return last[value] == index; };
    Value& first = values[step.outputs[0]];
    const bool reuse =
        step.layer->in_place() && dies(step.inputs[0]) && same_form(values[step.inputs[0]], first);
    first.slot = reuse ? values[step.inputs[0]].slot : slots.take();
    for (size_t output = 1; output < step.outputs.size(); ++output) {
      // The sum of an add-and-norm may be overwritten by the norm when nobody else reads it.
      values[step.outputs[output]].slot = dies(step.outputs[0]) ? first.slot : slots.take();
    }
    const auto is_output = [&](int slot) {
      return std::ranges::any_of(step.outputs,
                                 [&](int value) { return values[value].slot == slot; });
    };
    for (int input : step.inputs) {
      if (dies(input) && !is_output(values[input].slot)) slots.give_back(values[input].slot);
    }
    for (int output : step.outputs) {
      const bool shared = output == step.outputs[0] && step.outputs.size() > 1;
      if (dies(output) && !shared) slots.give_back(values[output].slot);
    }
  }
  return slots.count();
}

}  // namespace locus::graph
