#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/positions/formula/program.hpp"
#include "engine/positions/mechanisms/runs.hpp"
#include "engine/positions/mechanisms/score_bias.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

constexpr size_t max_definitions = 64;

Definitions definitions_of(const Attributes& attributes) {
  if (attributes.values().size() > max_definitions) {
    throw Error("bias", "at most " + std::to_string(max_definitions) + " definitions",
                std::to_string(attributes.values().size()));
  }
  Definitions definitions;
  for (const auto& [name, value] : attributes.values()) {
    if (std::ranges::find(schemes(), name, &Scheme::name) != schemes().end()) {
      throw Error("bias", "a name that is no scheme's", "'" + name + "'");
    }
    definitions[name] = parse_formula("bias." + name, to_string(value));
  }
  return definitions;
}

/// Programs of all heads, whose values have to be finite where a query may look.
class HeadFormulas {
 public:
  HeadFormulas(std::vector<Program> programs, bool causal)
      : programs_(std::move(programs)), causal_(causal) {}

  /// The biases of up to `Program::lanes` keys.
  void run(int64_t head, double query, std::span<const double> keys,
           std::span<const double> distances, std::span<float> biases) const {
    std::array<double, Program::lanes> values;
    const auto found = std::span(values).first(biases.size());
    programs_[static_cast<size_t>(head)].run(query, keys, distances, found);
    for (size_t lane = 0; lane < biases.size(); ++lane) {
      biases[lane] = static_cast<float>(found[lane]);
      if (!std::isfinite(biases[lane])) biases[lane] = unseen(head, distances[lane], found[lane]);
    }
  }

 private:
  // A later key that no query sees may be where a logarithm or a table has nothing.
  float unseen(int64_t head, double distance, double value) const {
    if (causal_ && distance > 0) return 0;
    const std::string found = std::isnan(value) ? "nan" : to_string(Attribute(value));
    throw Error("bias.score", "a finite number",
                found + " for head " + std::to_string(head) + " and a key at distance " +
                    to_string(Attribute(distance)));
  }

  std::vector<Program> programs_;
  bool causal_;
};

/// A bias that depends on where a query stands: computed tile by tile.
class PlacedBias : public PositionalEncoding {
 public:
  explicit PlacedBias(HeadFormulas formulas) : formulas_(std::move(formulas)) {}

  void score(View s, ConstView, ConstView, const Block& block) const override {  // s [H, Tq, Tk]
    for (int64_t h = 0; h < s.size(0); ++h) {
      for (int64_t i = 0; i < s.size(1); ++i) add_row(s[h].row(i), block.first_head + h, i, block);
    }
  }

 private:
  void add_row(std::span<float> row, int64_t head, int64_t i, const Block& block) const {
    constexpr size_t lanes = Program::lanes;
    std::array<double, lanes> keys, distances;
    std::array<float, lanes> biases;
    const double query = block.queries.at(i);
    for (size_t begin = 0; begin < row.size(); begin += lanes) {
      const size_t count = std::min(lanes, row.size() - begin);
      for (size_t lane = 0; lane < count; ++lane) {
        keys[lane] = block.keys.at(static_cast<int64_t>(begin + lane));
        distances[lane] = keys[lane] - query;
      }
      formulas_.run(head, query, std::span(keys).first(count), std::span(distances).first(count),
                    std::span(biases).first(count));
      for (size_t lane = 0; lane < count; ++lane) row[begin + lane] += biases[lane];
    }
  }

  HeadFormulas formulas_;
};

FormulaWeights weights_of(const FormulaFacts& facts, SchemeWeights& weights) {
  FormulaWeights taken;
  for (const std::string& name : facts.names) {
    if (!weights.contains(name)) continue;
    taken[name] = std::make_shared<const Tensor>(weights.take(name, weights.shape(name), {}));
  }
  return taken;
}

std::shared_ptr<const PositionalEncoding> make_bias(const Attributes& attributes,
                                                    SchemeWeights& weights,
                                                    const SchemeContext& context) {
  const Definitions definitions = definitions_of(attributes);
  const FormulaFacts facts = facts_of("bias", definitions);
  const FormulaModel model{context.heads, context.head_size, context.width, context.causal};
  HeadFormulas formulas(compile_formula("bias", definitions, weights_of(facts, weights), model),
                        context.causal);
  if (!facts.relative) return std::make_shared<PlacedBias>(std::move(formulas));
  ScoreBiasParts parts;
  parts.heads = context.heads;
  parts.capacity = context.capacity;
  parts.bias = [formulas = std::move(formulas)](int64_t head, std::span<const double> distances,
                                                std::span<float> biases) {
    formulas.run(head, 0, distances, distances, biases);
  };
  return std::make_shared<ScoreBias>(std::move(parts));
}

SchemeTraits refined(SchemeTraits traits, const Attributes& attributes) {
  const FormulaFacts facts = facts_of("bias", definitions_of(attributes));
  traits.relative = facts.relative;
  traits.absolute = !facts.relative;
  traits.learned = !facts.weights.empty();
  return traits;
}

}  // namespace

// Weights: those that the formulas name and do not define, of any shape that they index.
Scheme bias() {
  Scheme row;
  row.name = "bias";
  row.summary = "a bias that is written as a formula of query, key and head";
  row.source = "docs/encodings.md; the default is Press et al. 2022, section 3";
  row.parameters = {{"score", "-2^(-8*(h+1)/H)*abs(i-j)",
                     "what is added to the score of query i and key j, in head h of H"}};
  row.definition =
      SchemeParameter{"NAME", "0", "what a name in `score` or in another definition stands for"};
  row.traits.relative = true;
  row.make = make_bias;
  row.refine = refined;
  row.names = [](const Attributes& attributes) {
    return facts_of("bias", definitions_of(attributes)).weights;
  };
  return row;
}

}  // namespace locus::positions
