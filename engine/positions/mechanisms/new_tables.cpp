#include "engine/new_tables.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "base/error.hpp"
#include "engine/positions/mechanisms/runs.hpp"

namespace locus {
namespace {

uint64_t hash(std::string_view text) {  // FNV-1a
  uint64_t value = 14695981039346656037u;
  for (unsigned char byte : text) value = (value ^ byte) * 1099511628211u;
  return value;
}

}  // namespace

NewTables::NewTables(uint64_t seed, std::function<void()> check)
    : seed_(seed), check_(std::move(check)) {}

Tensor NewTables::make(const std::string& name, const Shape& shape, Initial initial) {
  positions::check_table(shape);
  const int64_t count = element_count(shape);
  if (count > positions::max_table_values - values_) {
    throw Error(
        name,
        "new tables of at most " + std::to_string(positions::max_table_values) + " values in all",
        to_string(shape) + " besides others");
  }
  values_ += count;
  Tensor table(shape);
  using Kind = Initial::Kind;
  if (initial.kind == Kind::one) std::ranges::fill(table.values(), 1.0f);
  if (initial.kind == Kind::identity) {
    for (int64_t i = 0; i < shape[0]; ++i) table.view()(i, i) = 1;
  }
  if (initial.kind == Kind::normal) fill(table, name, initial.deviation);
  return table;
}

void NewTables::fill(Tensor& table, const std::string& name, float deviation) const {
  std::mt19937_64 generator(seed_ ^ hash(name));
  constexpr size_t between_checks = 65536;
  size_t made = 0;
  for (float& value : table.values()) {
    if (check_ && made++ % between_checks == 0) check_();
    // Box-Muller: the standard library's normal distribution differs between implementations.
    const double u = (static_cast<double>(generator() >> 11) + 1) * 0x1p-53;
    const double v = static_cast<double>(generator() >> 11) * 0x1p-53;
    const double normal = std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
    value = static_cast<float>(deviation * normal);
  }
}

}  // namespace locus
