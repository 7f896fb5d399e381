#include "engine/positions/schemes/rope_scaling.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace locus::positions {
namespace {

constexpr double full_turn = 2 * std::numbers::pi;

// Su et al. 2021, section 3.2.2: pair k turns by base^(-2k/d) per position.
std::vector<double> geometric(int64_t rotary, double base) {
  std::vector<double> frequencies;
  for (int64_t k = 0; 2 * k < rotary; ++k) {
    frequencies.push_back(
        std::pow(base, -2 * static_cast<double>(k) / static_cast<double>(rotary)));
  }
  return frequencies;
}

// The base that slows the last pair by `stretch` and leaves the first as it is.
double stretched_base(const RopeFrequencies& rope, double stretch) {
  const auto d = static_cast<double>(rope.rotary);
  return rope.base * std::pow(stretch, d / (d - 2));
}

// Peng et al. 2023, section 3.2: the pair that makes `count` turns within the original context.
double pair_of_turns(const RopeFrequencies& rope, double count) {
  const double wavelength = static_cast<double>(rope.original) / count;
  return static_cast<double>(rope.rotary) * std::log(wavelength / full_turn) /
         (2 * std::log(rope.base));
}

std::vector<double> yarn(const RopeFrequencies& rope) {
  std::vector<double> frequencies = geometric(rope.rotary, rope.base);
  double low = pair_of_turns(rope, rope.beta_fast), high = pair_of_turns(rope, rope.beta_slow);
  if (rope.truncate) {
    low = std::floor(low);
    high = std::ceil(high);
  }
  low = std::max(low, 0.0);
  high = std::min(high, static_cast<double>(rope.rotary - 1));
  if (low == high) high += 0.001;  // as the reference does: no division by zero
  for (size_t k = 0; k < frequencies.size(); ++k) {
    const double ramp = std::clamp((static_cast<double>(k) - low) / (high - low), 0.0, 1.0);
    frequencies[k] *= ramp / rope.factor + (1 - ramp);
  }
  return frequencies;
}

// Llama 3.1: long waves are interpolated, short ones kept, those between blended.
std::vector<double> llama3(const RopeFrequencies& rope) {
  std::vector<double> frequencies = geometric(rope.rotary, rope.base);
  for (double& frequency : frequencies) {
    const double turns = static_cast<double>(rope.original) * frequency / full_turn;
    const double kept = std::clamp(
        (turns - rope.low_freq_factor) / (rope.high_freq_factor - rope.low_freq_factor), 0.0, 1.0);
    frequency *= (1 - kept) / rope.factor + kept;
  }
  return frequencies;
}

std::vector<double> linear(const RopeFrequencies& rope) {
  std::vector<double> frequencies = geometric(rope.rotary, rope.base);
  for (double& frequency : frequencies) frequency /= rope.factor;
  return frequencies;
}

// transformers' _compute_dynamic_ntk_parameters: 1 up to the original length, then growing.
double dynamic_stretch(const RopeFrequencies& rope, int64_t length) {
  const double longer =
      static_cast<double>(std::max(length, rope.original)) / static_cast<double>(rope.original);
  return rope.factor * longer - (rope.factor - 1);
}

// Ding et al. 2024, LongRoPE, section 3.3: a factor for each pair, found by search; short texts
// have others than long ones.
std::vector<double> longrope(const RopeFrequencies& rope, int64_t length) {
  std::vector<double> frequencies = geometric(rope.rotary, rope.base);
  const std::vector<double>& factors =
      length > rope.original ? rope.long_factor : rope.short_factor;
  for (size_t k = 0; k < frequencies.size(); ++k) frequencies[k] /= factors.at(k);
  return frequencies;
}

double longrope_attention_factor(const RopeFrequencies& rope) {
  if (rope.attention_factor > 0) return rope.attention_factor;
  if (rope.factor <= 1) return 1;
  return std::sqrt(1 + std::log(rope.factor) / std::log(static_cast<double>(rope.original)));
}

double yarn_attention_factor(const RopeFrequencies& rope) {
  if (rope.attention_factor > 0) return rope.attention_factor;
  return rope.factor > 1 ? 0.1 * std::log(rope.factor) + 1 : 1;
}

}  // namespace

Turns RopeFrequencies::turns(int64_t length) const {
  switch (scaling) {
    case RopeScaling::none:
      return {geometric(rotary, base), 1};
    case RopeScaling::linear:
      return {linear(*this), 1};
    case RopeScaling::ntk:
      return {geometric(rotary, stretched_base(*this, factor)), 1};
    case RopeScaling::dynamic:
      return {geometric(rotary, stretched_base(*this, dynamic_stretch(*this, length))), 1};
    case RopeScaling::yarn:
      return {yarn(*this), yarn_attention_factor(*this)};
    case RopeScaling::llama3:
      return {llama3(*this), 1};
    case RopeScaling::longrope:
      return {longrope(*this, length), longrope_attention_factor(*this)};
  }
  return {};
}

}  // namespace locus::positions
