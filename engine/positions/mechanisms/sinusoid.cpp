#include "engine/positions/mechanisms/sinusoid.hpp"

#include <algorithm>
#include <cmath>

#include "engine/positions/mechanisms/added_rows.hpp"
#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {
namespace {

double exponent_of(const Sinusoid& family, int64_t pair, Sinusoid::Exponent kind) {
  const double halves = static_cast<double>(family.width) / 2;
  const bool t2t = family.denominator == Sinusoid::Denominator::t2t;
  const double denominator = t2t ? std::max(halves - 1, 1.0) : halves;
  return static_cast<double>(pair) * (kind == Sinusoid::Exponent::paper ? 1 : 2) / denominator;
}

}  // namespace

double Sinusoid::sine_frequency(int64_t pair) const {
  if (!stored.empty()) return stored.at(static_cast<size_t>(pair));
  return std::pow(base, -exponent_of(*this, pair, exponent));
}

double Sinusoid::cosine_frequency(int64_t pair) const {
  if (exponent != Exponent::doubled_apart) return sine_frequency(pair);
  // Copies of SamLynnEvans/Transformer: sin has 2 i / d and cos 2 (i + 1) / d, with i = 2k.
  return std::pow(base, -2.0 * static_cast<double>(2 * pair + 1) / static_cast<double>(width));
}

void Sinusoid::write(double position, double scale, std::span<float> row) const {
  const int64_t pairs = width / 2;
  const bool halves = layout == Layout::halves;
  for (int64_t pair = 0; pair < pairs; ++pair) {
    const int64_t sine = halves ? pair : 2 * pair;
    const int64_t cosine = halves ? pair + pairs : 2 * pair + 1;
    row[sine] = static_cast<float>(scale * std::sin(position * sine_frequency(pair)));
    row[cosine] = static_cast<float>(scale * std::cos(position * cosine_frequency(pair)));
  }
}

Tensor Sinusoid::table(int64_t rows, double scale) const {
  Tensor table = new_table({rows, width});
  const View view = table.view();
  for (int64_t row = 0; row < rows; ++row) write(static_cast<double>(row), scale, view.row(row));
  return table;
}

void require_even(const std::string& who, std::string_view what, int64_t size) {
  if (size < 2 || size % 2 != 0) {
    throw Error(who, "an even " + std::string(what) + ", as sines and cosines come in pairs",
                std::to_string(size));
  }
}

std::vector<SchemeParameter> sinusoid_parameters() {
  return {
      {"layout", "interleaved", "interleaved: sin, cos, sin, ...; halves: sin | cos"},
      {"denominator", "paper", "of pair k's exponent: paper 2k/d, t2t k/(d/2 - 1)"},
      {"exponent", "paper",
       "paper; doubled: 4k/d, a common error that checkpoints were trained with; doubled_apart: "
       "the same, and cosines 2(2k + 1)/d"},
      {"base", 10000.0, "wavelengths run from 2 pi to 2 pi base"},
      {"start", int64_t{0}, "added to each position"},
      {"zero_row", int64_t{-1}, "the position (after start) whose row is 0; -1: none"},
  };
}

Sinusoid read_sinusoid(const Settings& settings, int64_t width) {
  require_even(settings.who(), "width", width);
  Sinusoid family;
  family.width = width;
  family.base = settings.positive("base");
  family.layout = settings.choose<Sinusoid::Layout>(
      "layout",
      {{"interleaved", Sinusoid::Layout::interleaved}, {"halves", Sinusoid::Layout::halves}});
  family.denominator = settings.choose<Sinusoid::Denominator>(
      "denominator",
      {{"paper", Sinusoid::Denominator::paper}, {"t2t", Sinusoid::Denominator::t2t}});
  family.exponent = settings.choose<Sinusoid::Exponent>(
      "exponent", {{"paper", Sinusoid::Exponent::paper},
                   {"doubled", Sinusoid::Exponent::doubled},
                   {"doubled_apart", Sinusoid::Exponent::doubled_apart}});
  return family;
}

std::shared_ptr<const PositionalEncoding> make_added_sinusoid(const Settings& settings,
                                                              SinusoidScales scales,
                                                              SchemeWeights& weights,
                                                              const SchemeContext& context) {
  const Sinusoid family = read_sinusoid(settings, context.width);
  const int64_t start = settings.integer("start");
  const int64_t zero_row = settings.at_least(-1, "zero_row");
  AddedRowsParts parts;
  if (weights.contains("table")) {  // what the model was trained with beats what we compute
    parts.table = weights.take("table", {-1, context.width}, {});
    for (float& value : parts.table.values()) value *= static_cast<float>(scales.position);
  } else {
    parts.table = family.table(tabulated(context.capacity + start), scales.position);
  }
  if (zero_row >= 0 && zero_row < parts.table.shape()[0]) {
    std::ranges::fill(parts.table.view().row(zero_row), 0.0f);
  }
  parts.offset = start;
  parts.token_scale = static_cast<float>(scales.token);
  parts.beyond = [family, scales, start, zero_row](double position, std::span<float> row) {
    const double index = position + static_cast<double>(start);
    const bool zero = zero_row >= 0 && index == static_cast<double>(zero_row);
    family.write(index, zero ? 0 : scales.position, row);
  };
  return std::make_shared<AddedRows>(std::move(parts));
}

}  // namespace locus::positions
