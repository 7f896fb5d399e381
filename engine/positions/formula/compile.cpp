#include <bit>
#include <cmath>
#include <numbers>
#include <optional>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "engine/positions/formula/program.hpp"

namespace locus::positions {
namespace {

constexpr size_t max_steps = 4096;     // of a head, constants among them
constexpr int64_t max_work = 1 << 20;  // terms that are read for all heads
constexpr int64_t max_count = 4096;    // of a sum

}  // namespace

/// Terms become steps; a step that is there already is not made again.
class Compiler {
 public:
  struct Source {
    const std::string& who;
    const Definitions& definitions;
    const FormulaWeights& weights;
    const FormulaModel& model;
  };
  Compiler(const Source& source, int64_t head, int64_t& work)
      : source_(source), head_(head), work_(work) {}

  Program program() {
    definition("score");
    keep_needed();
    program_.weights_ = source_.weights;
    program_.assign_slots(source_.who);
    return std::move(program_);
  }

 private:
  using Kind = Program::Kind;
  using Step = Program::Step;
  using Inputs = std::array<int, max_arguments>;

  int definition(const std::string& name) {
    const auto known = defined_.find(name);
    if (known != defined_.end()) return known->second;
    const auto counters = std::exchange(counters_, {});
    const auto owner = std::exchange(owner_, source_.who + "." + name);
    const int step = term(source_.definitions.at(name));
    counters_ = counters;
    owner_ = owner;
    return defined_[name] = step;
  }

  int term(const Term& each) {
    if (++work_ > max_work) throw Error(source_.who, "a formula of fewer steps", "more");
    switch (each.kind) {
      case Term::Kind::number:
        return constant(each.number);
      case Term::Kind::name:
        return name(each);
      case Term::Kind::element:
        return element(each);
      case Term::Kind::sum:
        return sum(each);
      case Term::Kind::call:
        break;
    }
    return call(each.function, inputs(each));
  }

  Inputs inputs(const Term& each) {
    Inputs steps{-1, -1, -1};
    for (size_t at = 0; at < each.arguments.size(); ++at) steps[at] = term(each.arguments[at]);
    return steps;
  }

  int name(const Term& each) {
    const auto counter = counters_.find(each.name);
    if (counter != counters_.end()) return constant(counter->second);
    if (each.name == "i") return add({.kind = Kind::query});
    if (each.name == "j") return add({.kind = Kind::key, .uniform = false});
    if (each.name == "n") return add({.kind = Kind::distance, .uniform = false});
    if (const auto value = of_model(each.name)) return constant(*value);
    const auto weight = source_.weights.find(each.name);
    if (weight != source_.weights.end()) return constant(of_head(each, *weight->second));
    return defined(each);
  }

  int defined(const Term& each) {
    if (source_.definitions.count(each.name) > 0) return definition(each.name);
    refuse_term(owner_, "a name that is defined or a weight that the checkpoint holds", each);
  }

  std::optional<double> of_model(const std::string& name) const {
    if (name == "h") return static_cast<double>(head_);
    if (name == "H") return static_cast<double>(source_.model.heads);
    if (name == "d") return static_cast<double>(source_.model.head_size);
    if (name == "D") return static_cast<double>(source_.model.width);
    if (name == "causal") return source_.model.causal ? 1 : 0;
    if (name == "pi") return std::numbers::pi;
    return std::nullopt;
  }

  /// A weight without an index: one value, or one for each head.
  double of_head(const Term& each, const Tensor& weight) const {
    if (weight.count() == 1) return static_cast<double>(weight.data()[0]);
    if (weight.shape() == Shape{source_.model.heads}) {
      return static_cast<double>(weight.data()[head_]);
    }
    refuse_term(owner_, "indices of a weight of shape " + to_string(weight.shape()), each);
  }

  int element(const Term& each) {
    const auto weight = source_.weights.find(each.name);
    if (weight == source_.weights.end()) return defined(each);
    const Shape& shape = weight->second->shape();
    if (shape.size() > max_arguments || shape.size() != each.arguments.size()) {
      refuse_term(owner_, "indices of a weight of shape " + to_string(shape), each);
    }
    Step step{.kind = Kind::element, .table = weight->second.get(), .inputs = inputs(each)};
    return computed(step);
  }

  int sum(const Term& each) {
    const Step& count = steps_[static_cast<size_t>(term(each.arguments[0]))];
    const double times = count.constant;
    if (count.kind != Kind::constant || times != std::floor(times) || !(times >= 1) ||
        times > static_cast<double>(max_count)) {
      refuse_term(owner_, "a count of 1 to " + std::to_string(max_count), each);
    }
    const auto outer = counters_;
    int total = -1;
    for (int64_t at = 0; at < static_cast<int64_t>(times); ++at) {
      counters_[each.name] = static_cast<double>(at);
      const int one = term(each.arguments[1]);
      total = total < 0 ? one : call(find_function("+", 2), {total, one, -1});
    }
    counters_ = outer;
    return total;
  }

  int constant(double value) { return add({.kind = Kind::constant, .constant = value}); }

  int call(const Function* function, const Inputs& inputs) {
    return computed({.kind = Kind::call, .function = function, .inputs = inputs});
  }

  /// A step with inputs: a constant where they are.
  int computed(Step step) {
    bool known = true;
    for (const int input : step.inputs) {
      if (input < 0) continue;
      const Step& from = steps_[static_cast<size_t>(input)];
      known = known && from.kind == Kind::constant;
      step.uniform = step.uniform && from.uniform;
    }
    return known ? constant(value_of(step)) : add(step);
  }

  double value_of(const Step& step) const {
    Operands in;
    std::array<double, max_arguments> indices{};
    size_t count = 0;
    for (; count < max_arguments && step.inputs[count] >= 0; ++count) {
      const double& value = steps_[static_cast<size_t>(step.inputs[count])].constant;
      in[count] = {&value, 0};
      indices[count] = value;
    }
    if (step.kind == Kind::element) {
      return element_of(*step.table, std::span(indices).first(count));
    }
    double value = 0;
    step.function->run(1, &value, in);
    return value;
  }

  int add(const Step& step) {
    // Bits, as a NaN has no place in an order.
    const Key key{step.kind, std::bit_cast<uint64_t>(step.constant), step.function, step.table,
                  step.inputs};
    const auto [known, fresh] = numbers_.try_emplace(key, static_cast<int>(steps_.size()));
    if (fresh) steps_.push_back(step);
    return known->second;
  }

  /// The steps that the result needs, in their order.
  void keep_needed() {
    std::vector<int> places(steps_.size(), -1);
    std::vector<bool> needed(steps_.size(), false);
    needed[static_cast<size_t>(defined_.at("score"))] = true;
    for (size_t at = steps_.size(); at-- > 0;) {
      for (const int input : steps_[at].inputs) {
        if (needed[at] && input >= 0) needed[static_cast<size_t>(input)] = true;
      }
    }
    for (size_t at = 0; at <= static_cast<size_t>(defined_.at("score")); ++at) {
      if (!needed[at]) continue;
      Step step = steps_[at];
      for (int& input : step.inputs) {
        if (input >= 0) input = places[static_cast<size_t>(input)];
      }
      places[at] = static_cast<int>(program_.steps_.size());
      program_.steps_.push_back(step);
    }
    if (program_.steps_.size() > max_steps) {
      throw Error(source_.who, "at most " + std::to_string(max_steps) + " steps",
                  std::to_string(program_.steps_.size()));
    }
  }

  using Key = std::tuple<Kind, uint64_t, const Function*, const Tensor*, Inputs>;

  Source source_;
  int64_t head_;
  int64_t& work_;
  std::string owner_;
  std::vector<Step> steps_;
  std::map<Key, int> numbers_;
  std::map<std::string, int> defined_;
  std::map<std::string, double> counters_;
  Program program_;
};

std::vector<Program> compile_formula(const std::string& who, const Definitions& definitions,
                                     const FormulaWeights& weights, const FormulaModel& model) {
  std::vector<Program> programs;
  int64_t work = 0;
  for (int64_t head = 0; head < model.heads; ++head) {
    programs.push_back(Compiler({who, definitions, weights, model}, head, work).program());
  }
  return programs;
}

}  // namespace locus::positions
