// A formula as a list of steps for one head: everything that is known at load has been computed.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/positions/formula/syntax.hpp"
#include "engine/tensor.hpp"

namespace locus::positions {

/// Formulas by name; `score` is the one that is asked for.
using Definitions = std::map<std::string, Term>;
/// Weights that a checkpoint supplies, by name. They come before definitions.
using FormulaWeights = std::map<std::string, std::shared_ptr<const Tensor>>;

/// What a model itself says: i, j, n = j - i, h, H, d, D, causal, pi.
const std::vector<std::string>& model_names();

/// What can be told of definitions without a model.
struct FormulaFacts {
  bool relative = true;           ///< i and j occur as their difference alone
  std::set<std::string> weights;  ///< names that nothing defines
  std::set<std::string> names;    ///< all names that `score` reaches, directly or not
};
/// Throws Error for a definition that needs itself, that `score` does not need, or of a name that
/// means something already.
FormulaFacts facts_of(const std::string& who, const Definitions& definitions);

/// table[indices]; NaN where there is no such element.
double element_of(const Tensor& table, std::span<const double> indices);

/// Values of one query and up to `lanes` keys.
class Program {
 public:
  static constexpr size_t lanes = 64;
  static constexpr size_t max_slots = 64;
  /// Where intermediate values lie during a run.
  using Slots = std::array<double, lanes * max_slots>;

  /// values[lane] at a query, keys and distances key - query.
  void run(double query, std::span<const double> keys, std::span<const double> distances,
           std::span<double> values) const;

 private:
  friend class Compiler;
  enum class Kind { constant, query, key, distance, call, element };
  struct Step {
    Kind kind = Kind::constant;
    double constant = 0;
    const Function* function = nullptr;
    const Tensor* table = nullptr;
    std::array<int, max_arguments> inputs{-1, -1, -1};
    bool uniform = true;  ///< the same for all keys
    size_t slot = 0;
  };
  struct Place;

  void assign_slots(const std::string& who);
  Operand operand(int step, const Place& place) const;
  void run_step(const Step& step, size_t count, const Place& place) const;

  std::vector<Step> steps_;  // inputs come before what needs them; the last one is the result
  FormulaWeights weights_;   // that steps look into
};

/// What a formula may ask of the model.
struct FormulaModel {
  int64_t heads = 0, head_size = 0, width = 0;
  bool causal = false;
};

/// One program for each head. Throws Error for names that nothing defines and for formulas that
/// would take more than 4,096 steps.
std::vector<Program> compile_formula(const std::string& who, const Definitions& definitions,
                                     const FormulaWeights& weights, const FormulaModel& model);

}  // namespace locus::positions
