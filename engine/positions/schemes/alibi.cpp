#include "engine/positions/schemes/alibi.hpp"

#include <cmath>

#include "engine/positions/mechanisms/score_bias.hpp"
#include "engine/positions/mechanisms/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {

std::vector<double> alibi_slopes(int64_t heads, double max_bias) {
  int64_t power = 1;
  while (2 * power <= heads) power *= 2;
  std::vector<double> slopes;
  for (int64_t i = 1; i <= power; ++i) {
    slopes.push_back(std::exp2(-max_bias * static_cast<double>(i) / static_cast<double>(power)));
  }
  // Press et al.'s code: the rest are every other slope of twice as many heads, appended unsorted.
  for (int64_t i = 1; i <= heads - power; ++i) {
    const double step = static_cast<double>(2 * i - 1) / static_cast<double>(2 * power);
    slopes.push_back(std::exp2(-max_bias * step));
  }
  return slopes;
}

namespace {

enum class AlibiForm { symmetric, causal };

std::shared_ptr<const PositionalEncoding> make_alibi(const Attributes& attributes, SchemeWeights&,
                                                     const SchemeContext& context) {
  const Settings settings("alibi", attributes);
  const AlibiForm form = settings.choose<AlibiForm>(
      "form", {{"symmetric", AlibiForm::symmetric}, {"causal", AlibiForm::causal}});
  const auto slopes = alibi_slopes(context.heads, settings.positive("max_bias"));
  ScoreBiasParts parts;
  parts.heads = context.heads;
  parts.capacity = context.capacity;
  parts.bias = each_distance([slopes, form](int64_t head, double distance) {
    const double signed_distance = form == AlibiForm::symmetric ? -std::abs(distance) : distance;
    return static_cast<float>(slopes[head] * signed_distance);
  });
  return std::make_shared<ScoreBias>(std::move(parts));
}

}  // namespace

Scheme alibi() {
  Scheme row;
  row.name = "alibi";
  row.summary = "a penalty linear in the distance, with a fixed slope for each head";
  row.source = "Press et al. 2022, Train Short, Test Long, section 3";
  row.parameters = {
      {"max_bias", 8.0, "slopes run from 2^(-max_bias/H) to 2^(-max_bias)"},
      {"form", "symmetric",
       "symmetric: -m |i - j|; causal: m (j - i), the same for keys up to the query, and wrong "
       "where later keys are seen"},
  };
  row.traits.relative = true;
  row.make = make_alibi;
  return row;
}

}  // namespace locus::positions
