#include <algorithm>
#include <cmath>

#include "engine/positions/mechanisms/rotation.hpp"
#include "engine/positions/mechanisms/sinusoid.hpp"
#include "engine/positions/schemes/rope_scaling.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {
namespace {

int64_t rotary_size(const Settings& settings, int64_t head_size) {
  const double fraction = settings.positive("fraction");
  int64_t rotary = settings.at_least(0, "dimensions");
  if (rotary == 0) {  // of what is more than the head, any number is too many
    const double part = static_cast<double>(head_size) * fraction;
    rotary = static_cast<int64_t>(std::min(part, static_cast<double>(head_size + 1)));
  }
  if (rotary > head_size) {
    settings.fail("at most the head's " + std::to_string(head_size) + " values to be rotated",
                  std::to_string(rotary));
  }
  require_even(settings.who(), "number of rotated values of a head", rotary);
  return rotary;
}

RopeFrequencies read_frequencies(const Settings& settings, const SchemeContext& context) {
  RopeFrequencies rope;
  rope.rotary = rotary_size(settings, context.head_size);
  rope.base = settings.positive("base");
  rope.scaling = settings.choose<RopeScaling>("scaling", {{"none", RopeScaling::none},
                                                          {"linear", RopeScaling::linear},
                                                          {"ntk", RopeScaling::ntk},
                                                          {"dynamic", RopeScaling::dynamic},
                                                          {"yarn", RopeScaling::yarn},
                                                          {"llama3", RopeScaling::llama3},
                                                          {"longrope", RopeScaling::longrope}});
  rope.factor = settings.positive("factor");
  rope.original = settings.at_least(0, "original");
  if (rope.original == 0) rope.original = context.capacity;
  rope.beta_fast = settings.positive("beta_fast");
  rope.beta_slow = settings.positive("beta_slow");
  rope.attention_factor = settings.number("attention_factor");
  rope.truncate = settings.boolean("truncate");
  rope.low_freq_factor = settings.positive("low_freq_factor");
  rope.high_freq_factor = settings.positive("high_freq_factor");
  rope.short_factor = settings.numbers("short_factor");
  rope.long_factor = settings.numbers("long_factor");
  return rope;
}

void check_factors(const Settings& settings, const RopeFrequencies& rope) {
  const auto pairs = static_cast<size_t>(rope.rotary / 2);
  for (const std::vector<double>& factors : {rope.short_factor, rope.long_factor}) {
    const bool positive = std::ranges::all_of(factors, [](double each) { return each > 0; });
    if (positive && factors.size() == pairs) continue;
    settings.fail(
        "a short_factor and a long_factor above 0 for each of " + std::to_string(pairs) + " pairs",
        std::to_string(factors.size()));
  }
}

void check_scaling(const Settings& settings, const RopeFrequencies& rope) {
  if (rope.scaling != RopeScaling::none && rope.original < 1) {
    settings.fail("an original length for scaling", std::to_string(rope.original));
  }
  const bool stretched = rope.scaling == RopeScaling::ntk || rope.scaling == RopeScaling::dynamic;
  if (stretched && rope.rotary < 4) {
    settings.fail("at least 4 rotated values for ntk", std::to_string(rope.rotary));
  }
  if (rope.scaling == RopeScaling::longrope) check_factors(settings, rope);
  if (rope.high_freq_factor <= rope.low_freq_factor) {
    settings.fail("high_freq_factor above low_freq_factor",
                  to_string(Attribute(rope.high_freq_factor)));
  }
}

// What a checkpoint stores that it rounded wins over the formula: weight `frequencies` [rotated
// values / 2], angles per position, or weight `table` [rows, rotated values], sines before cosines.
std::shared_ptr<const PositionalEncoding> make_rope(const Attributes& attributes,
                                                    SchemeWeights& weights,
                                                    const SchemeContext& context) {
  const Settings settings("rope", attributes);
  const RopeFrequencies rope = read_frequencies(settings, context);
  check_scaling(settings, rope);
  RotationParts parts;
  parts.turns = rope.turns(rope.original);
  if (weights.contains("frequencies")) {
    if (rope.scaling != RopeScaling::none) settings.fail("no scaling of stored frequencies", "one");
    const Tensor stored = weights.take("frequencies", {rope.rotary / 2}, Initial{});
    parts.turns.frequencies.assign(stored.values().begin(), stored.values().end());
  }
  parts.pairing = settings.choose<Pairing>(
      "pairing", {{"interleaved", Pairing::interleaved}, {"half", Pairing::half}});
  parts.rotate_value = settings.boolean("rotate_value");
  parts.capacity = context.capacity;
  if (weights.contains("table")) {
    parts.stored = weights.take("table", {-1, rope.rotary}, Initial{});
  }
  if (rope.scaling == RopeScaling::dynamic || rope.scaling == RopeScaling::longrope) {
    parts.fixed_until = rope.original;
    parts.turns_at = [rope](int64_t length) { return rope.turns(length); };
  }
  return std::make_shared<Rotation>(std::move(parts));
}

// Rotated values carry their own position into the output; a base that follows the length leaves
// the keys in the cache rotated by an older one.
SchemeTraits refine_rope(SchemeTraits traits, const Attributes& attributes) {
  const Settings settings("rope", attributes);
  traits.absolute = settings.boolean("rotate_value");
  traits.relative = !traits.absolute;
  const std::string scaling = settings.text("scaling");
  traits.stepwise = scaling != "dynamic" && scaling != "longrope";
  return traits;
}

std::vector<SchemeParameter> rope_parameters() {
  return {
      {"pairing", "interleaved", "interleaved: values 2k, 2k + 1 are a pair; half: k, k + d/2"},
      {"base", 10000.0, "pair k turns by base^(-2k/d) per position"},
      {"fraction", 1.0, "of each head that is rotated"},
      {"dimensions", int64_t{0}, "values of each head that are rotated; 0: by fraction"},
      {"rotate_value", false, "whether values are rotated too (RoFormer's rotary_value)"},
      {"scaling", "none", "none, linear, ntk, dynamic, yarn, llama3, longrope"},
      {"factor", 1.0, "of the scaling: how many times longer"},
      {"original", int64_t{0}, "length that the model was trained with; 0: the context"},
      {"beta_fast", 32.0, "yarn: pairs with more turns in the original length are kept"},
      {"beta_slow", 1.0, "yarn: pairs with fewer turns are interpolated"},
      {"attention_factor", 0.0, "yarn, longrope: of rotated vectors; 0: by factor"},
      {"truncate", true, "yarn: whether the ramp begins and ends at whole pairs"},
      {"low_freq_factor", 1.0, "llama3: pairs with fewer turns are interpolated"},
      {"short_factor", std::vector<double>{}, "longrope: of each pair, up to the original length"},
      {"long_factor", std::vector<double>{}, "longrope: of each pair, beyond"},
      {"renew", false,
       "longrope: whether generation computes cached keys anew beyond the original length"},
      {"high_freq_factor", 4.0, "llama3: pairs with more turns are kept"},
  };
}

}  // namespace

Scheme rope() {
  Scheme row;
  row.name = "rope";
  row.summary = "pairs of values of queries and keys turn by angles that grow with the position";
  row.source = "Su et al. 2021, RoFormer, section 3.2; Peng et al. 2023, YaRN, section 3";
  row.parameters = rope_parameters();
  row.traits.relative = true;
  row.traits.rotates = true;
  row.refine = refine_rope;
  row.make = make_rope;
  return row;
}

}  // namespace locus::positions
