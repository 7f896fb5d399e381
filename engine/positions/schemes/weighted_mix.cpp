#include "engine/positions/mechanisms/sinusoid.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {

// Weight `table` [rows, D], where a checkpoint stores one: its rows win over the sinusoid.
Scheme weighted_mix() {
  Scheme row;
  row.name = "weighted_mix";
  row.summary = "a x + b PE: token vectors and a sinusoid in a chosen proportion";
  row.source = "after Vaswani et al. 2017, section 3.4 (a = sqrt(D), b = 1)";
  row.parameters = sinusoid_parameters();
  row.parameters.push_back({"a", "1", "of token vectors: a number, sqrt (D), rsqrt"});
  row.parameters.push_back({"b", "1", "of the sinusoid: a number, sqrt (D), rsqrt"});
  row.traits.absolute = true;
  row.make = [](const Attributes& attributes, SchemeWeights& weights,
                const SchemeContext& context) {
    const Settings settings("weighted_mix", attributes);
    const SinusoidScales scales{settings.factor("a", context.width),
                                settings.factor("b", context.width)};
    return make_added_sinusoid(settings, scales, weights, context);
  };
  return row;
}

}  // namespace locus::positions
