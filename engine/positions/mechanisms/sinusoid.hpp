// The sinusoid and its family (Vaswani et al. 2017, section 3.5).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/positions/mechanisms/settings.hpp"
#include "engine/scheme.hpp"

namespace locus::positions {

/// Pair k of d/2 turns by position * base^(-e_k): its sine and its cosine are two of d columns.
struct Sinusoid {
  enum class Layout { interleaved, halves };  // [sin, cos, sin, ...] or [sin ... | cos ...]
  enum class Denominator { paper, t2t };      // e_k = 2k/d or k/(d/2 - 1)
  enum class Exponent { paper, doubled, doubled_apart };

  int64_t width = 0;  ///< d, even
  double base = 10000;
  Layout layout = Layout::interleaved;
  Denominator denominator = Denominator::paper;
  Exponent exponent = Exponent::paper;
  std::vector<double> stored = {};  ///< frequencies of all pairs that win over base^(-e_k)

  /// Angle per position of pair k's sine and cosine.
  double sine_frequency(int64_t pair) const;
  double cosine_frequency(int64_t pair) const;
  /// Row of a position times `scale`, in double and rounded once. [d]
  void write(double position, double scale, std::span<float> row) const;
  /// Rows of positions 0, 1, ... [rows, d]
  Tensor table(int64_t rows, double scale) const;
};

/// Throws Error for an odd width.
void require_even(const std::string& who, std::string_view what, int64_t size);

/// The parameters by which sinusoidal schemes choose a member of the family, and their reading.
std::vector<SchemeParameter> sinusoid_parameters();
Sinusoid read_sinusoid(const Settings& settings, int64_t width);

/// An added sinusoid, x <- a x + b PE.
struct SinusoidScales {
  double token = 1;     ///< a
  double position = 1;  ///< b
};
std::shared_ptr<const PositionalEncoding> make_added_sinusoid(const Settings& settings,
                                                              SinusoidScales scales,
                                                              SchemeWeights& weights,
                                                              const SchemeContext& context);

}  // namespace locus::positions
