// Turkowski 1990, Filters for Common Resampling Tasks; the rounding of Pillow's Resample.c.
#include "images/pixels/resample.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace locus::images {
namespace {

constexpr int precision = 22;  // bits of a weight's fraction

double triangle(double x) { return std::max(0.0, 1 - std::abs(x)); }

double cubic(double x) {  // Keys 1981 with a = -1/2
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

double sinc(double x) {
  x *= std::numbers::pi;
  return x == 0 ? 1 : std::sin(x) / x;
}

double lanczos(double x) { return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0; }

double hamming(double x) {
  x = std::abs(x);
  if (x >= 1) return 0;
  return sinc(x) * (0.54 + 0.46 * std::cos(std::numbers::pi * x));
}

double box(double x) { return x > -0.5 && x <= 0.5 ? 1 : 0; }

struct Kernel {
  double (*weight)(double);
  double reach;
};

Kernel kernel_of(Filter filter) {
  switch (filter) {
    case Filter::lanczos:
      return {lanczos, 3};
    case Filter::bicubic:
      return {cubic, 2};
    case Filter::hamming:
      return {hamming, 1};
    case Filter::box:
      return {box, 0.5};
    default:
      return {triangle, 1};
  }
}

/// The pixels that one of the result is made of.
struct Taps {
  int64_t first = 0;
  std::vector<int32_t> weights;
};

std::vector<Taps> taps_of(int64_t from, int64_t to, const Kernel& kernel) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double stretch = std::max(1.0, scale), reach = kernel.reach * stretch;
  std::vector<Taps> all(static_cast<size_t>(to));
  std::vector<double> weights;
  for (int64_t place = 0; place < to; ++place) {
    const double centre = (static_cast<double>(place) + 0.5) * scale;
    // Pillow adds a half and cuts off, which for the halves themselves is not what lround does.
    const double begin = centre - reach + 0.5, end = centre + reach + 0.5;
    const auto first = std::max<int64_t>(0, static_cast<int64_t>(begin));
    const auto last = std::min<int64_t>(from, static_cast<int64_t>(end));
    weights.clear();
    double sum = 0;
    for (int64_t at = first; at < last; ++at) {
      weights.push_back(kernel.weight((static_cast<double>(at) - centre + 0.5) * (1 / stretch)));
      sum += weights.back();
    }
    Taps& taps = all[static_cast<size_t>(place)];
    taps.first = first;
    for (const double weight : weights) {
      const double share = (sum == 0 ? weight : weight / sum) * (1 << precision);
      taps.weights.push_back(static_cast<int32_t>(share < 0 ? share - 0.5 : share + 0.5));
    }
  }
  return all;
}

/// Pixels along one axis, `stride` values apart.
struct Line {
  const uint8_t* values;
  int64_t stride;
};

uint8_t weighted(const Line& line, const Taps& taps, Watch& watch) {
  watch.spend(taps.weights.size());
  int32_t sum = 1 << (precision - 1);
  for (size_t tap = 0; tap < taps.weights.size(); ++tap) {
    const int64_t place = taps.first + static_cast<int64_t>(tap);
    sum += line.values[place * line.stride] * taps.weights[tap];
  }
  return static_cast<uint8_t>(std::clamp(sum >> precision, 0, 255));
}

Image along_rows(const Image& image, int64_t width, const Kernel& kernel, Watch& watch) {
  const std::vector<Taps> taps = taps_of(image.width, width, kernel);
  Image result{image.height, width, {}};
  result.pixels.reserve(static_cast<size_t>(image.height * width * 3));
  for (int64_t row = 0; row < image.height; ++row) {
    const uint8_t* pixels = image.pixels.data() + row * image.width * 3;
    for (const Taps& each : taps) {
      for (int c = 0; c < 3; ++c) result.pixels.push_back(weighted({pixels + c, 3}, each, watch));
    }
  }
  return result;
}

Image along_columns(const Image& image, int64_t height, const Kernel& kernel, Watch& watch) {
  Image result{height, image.width, {}};
  const int64_t values = image.width * 3;
  result.pixels.reserve(static_cast<size_t>(height * values));
  for (const Taps& each : taps_of(image.height, height, kernel)) {
    for (int64_t value = 0; value < values; ++value) {
      result.pixels.push_back(weighted({image.pixels.data() + value, values}, each, watch));
    }
  }
  return result;
}

/// The pixel under the middle of each new one; places add up, as Pillow adds them.
std::vector<int64_t> nearest_places(int64_t from, int64_t to) {
  const double step = static_cast<double>(from) / static_cast<double>(to);
  std::vector<int64_t> places;
  double place = step * 0.5;
  for (int64_t index = 0; index < to; ++index, place += step) {
    places.push_back(std::min(from - 1, static_cast<int64_t>(place)));
  }
  return places;
}

Image nearest(const Image& image, int64_t height, int64_t width) {
  Image result{height, width, {}};
  const std::vector<int64_t> columns = nearest_places(image.width, width);
  for (const int64_t row : nearest_places(image.height, height)) {
    for (const int64_t column : columns) {
      const auto pixel = image.pixels.begin() + (row * image.width + column) * 3;
      result.pixels.insert(result.pixels.end(), pixel, pixel + 3);
    }
  }
  return result;
}

/// The order of Pillow 13 (before it, rows always came first), found by experiment: it shows, as
/// what is between the passes is rounded.
bool columns_first(const Image& image, int64_t height, int64_t width) {
  const int64_t fewer_rows = image.height - height, fewer_columns = image.width - width;
  return fewer_rows > 0 && fewer_rows > 2 * fewer_columns;
}

}  // namespace

Image resample(const Image& image, const Resampling& wanted, Watch& watch) {
  const auto& [height, width, filter] = wanted;
  if (image.height == height && image.width == width) return image;
  if (filter == Filter::nearest) return nearest(image, height, width);
  const Kernel kernel = kernel_of(filter);
  const auto rows = [&, width = width](const Image& each) {
    return each.width == width ? each : along_rows(each, width, kernel, watch);
  };
  const auto columns = [&, height = height](const Image& each) {
    return each.height == height ? each : along_columns(each, height, kernel, watch);
  };
  return columns_first(image, height, width) ? rows(columns(image)) : columns(rows(image));
}

}  // namespace locus::images
