#include <cmath>

#include "engine/positions/mechanisms/score_bias.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

enum class KerpleForm { logarithmic, power };

std::shared_ptr<const PositionalEncoding> make_kerple(const Attributes& attributes,
                                                      SchemeWeights& weights,
                                                      const SchemeContext& context) {
  const Settings settings("kerple", attributes);
  const KerpleForm form = settings.choose<KerpleForm>(
      "form", {{"logarithmic", KerpleForm::logarithmic}, {"power", KerpleForm::power}});
  const auto take = [&](std::string_view name) {
    return std::make_shared<const Tensor>(
        weights.take(name, {context.heads}, {Initial::Kind::one}));
  };
  const auto amplitude = take("amplitude"), rate = take("rate");  // [H]
  ScoreBiasParts parts;
  parts.heads = context.heads;
  parts.capacity = context.capacity;
  parts.bias = each_distance([amplitude, rate, form](int64_t head, double distance) {
    const double a = std::abs(amplitude->data()[head]), b = std::abs(rate->data()[head]);
    const double past = std::abs(distance);
    return static_cast<float>(
        -a * (form == KerpleForm::logarithmic ? std::log1p(b * past) : std::pow(past, b)));
  });
  return std::make_shared<ScoreBias>(std::move(parts));
}

}  // namespace

// Weights `amplitude` and `rate` [H], of which the magnitudes count (the paper keeps both
// positive); initially 1.
Scheme kerple() {
  Scheme row;
  row.name = "kerple";
  row.summary = "a penalty that grows with the logarithm of the distance, learned for each head";
  row.source = "Chi et al. 2022, KERPLE, section 4";
  row.parameters = {
      {"form", "logarithmic", "logarithmic: -a ln(1 + b |i - j|); power: -a |i - j|^b"}};
  row.traits.relative = true;
  row.traits.learned = true;
  row.make = make_kerple;
  return row;
}

}  // namespace locus::positions
