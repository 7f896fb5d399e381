#include "engine/positions/mechanisms/sinusoid.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {

// Weight `table` [rows, D], where a checkpoint stores one: its rows win over the formula.
Scheme sinusoidal() {
  Scheme row;
  row.name = "sinusoidal";
  row.summary = "fixed sines and cosines of geometric wavelengths, added to token vectors";
  row.source = "Vaswani et al. 2017, Attention Is All You Need, section 3.5";
  row.parameters = sinusoid_parameters();
  row.parameters.push_back({"scale", "1", "of the sinusoid: a number, sqrt, rsqrt"});
  row.parameters.push_back(
      {"token_scale", "1", "of token vectors, before the sum: a number, sqrt (D), rsqrt"});
  row.traits.absolute = true;
  row.make = [](const Attributes& attributes, SchemeWeights& weights,
                const SchemeContext& context) {
    const Settings settings("sinusoidal", attributes);
    const SinusoidScales scales{settings.factor("token_scale", context.width),
                                settings.factor("scale", context.width)};
    return make_added_sinusoid(settings, scales, weights, context);
  };
  return row;
}

}  // namespace locus::positions
