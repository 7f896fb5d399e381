#include "tools/cli/terminal/picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

struct Limits {
  float min = 0;
  float largest = 0;
};

Limits limits_of(ConstView matrix) {
  Limits limits{matrix(0, 0), matrix(0, 0)};
  for (int64_t i = 0; i < matrix.size(0); ++i) {
    const auto [min, largest] = std::ranges::minmax(matrix.row(i));
    limits.min = std::min(limits.min, min);
    limits.largest = std::max(limits.largest, largest);
  }
  return limits;
}

// Neighbouring columns averaged until they fit. [rows, columns <= width]
Tensor narrowed(ConstView matrix, int64_t width) {
  const auto rows = matrix.size(0), columns = matrix.size(1);
  const auto kept = std::min(columns, std::max<int64_t>(width, 1));
  Tensor result({rows, kept});
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < kept; ++j) {
      const auto begin = j * columns / kept, end = (j + 1) * columns / kept;
      double sum = 0;
      for (auto column = begin; column < end; ++column) sum += matrix(i, column);
      result.view()(i, j) = static_cast<float>(sum / static_cast<double>(end - begin));
    }
  }
  return result;
}

// `38;2;r;g;b` (foreground) or `48;2;r;g;b` (background) of a value from -1 to 1.
std::string colour(double value, const char* ground) {
  static constexpr std::array<double, 3> blue{33, 102, 172}, white{247, 247, 247}, red{178, 24, 43};
  const auto& end = value < 0 ? blue : red;
  const double share = std::min(1.0, std::abs(value));
  std::string code = ground;
  for (size_t i = 0; i < 3; ++i) {
    code += ";" + std::to_string(std::lround(white[i] + share * (end[i] - white[i])));
  }
  return code;
}

std::string half_blocks(ConstView matrix, double largest) {
  std::string text;
  for (int64_t i = 0; i < matrix.size(0); i += 2) {
    const bool pair = i + 1 < matrix.size(0);
    for (int64_t j = 0; j < matrix.size(1); ++j) {
      text += "\033[" + colour(matrix(i, j) / largest, "38;2");
      if (pair) text += ";" + colour(matrix(i + 1, j) / largest, "48;2");
      text += "m▀";
      if (!pair) text += "\033[0m";
    }
    text += "\033[0m\n";
  }
  return text;
}

constexpr std::string_view ramp = " .:-=+*#%@";

std::string characters(ConstView matrix, const Limits& limits) {
  const double range = std::max(1e-30, static_cast<double>(limits.largest) - limits.min);
  std::string text;
  for (int64_t i = 0; i < matrix.size(0); ++i) {
    for (const auto value : matrix.row(i)) {
      const double share = (value - limits.min) / range;
      const auto place = static_cast<size_t>(share * static_cast<double>(ramp.size()));
      text += ramp[std::min(place, ramp.size() - 1)];
    }
    text += "\n";
  }
  return text;
}

double magnitude(const Limits& limits) {
  return std::max({std::abs(limits.min), std::abs(limits.largest), 1e-30f});
}

}  // namespace

std::string picture(ConstView matrix, int width) {
  const auto limits = limits_of(matrix);
  const auto fitted = narrowed(matrix, width);
  if (use_colours()) return half_blocks(fitted.view(), magnitude(limits));
  return characters(fitted.view(), limits);
}

std::string picture_scale(ConstView matrix) {
  const auto limits = limits_of(matrix);
  if (!use_colours()) {
    return significant(limits.min, 3) + " '" + std::string(ramp) + "' " +
           significant(limits.largest, 3);
  }
  const auto largest = magnitude(limits);
  std::string bar;
  for (int step = -8; step <= 8; ++step) bar += "\033[" + colour(step / 8.0, "48;2") + "m ";
  return significant(-largest, 3) + " " + bar + "\033[0m " + significant(largest, 3);
}

}  // namespace locus::cli
