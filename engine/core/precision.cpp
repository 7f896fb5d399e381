#include "engine/options.hpp"

#include <array>
#include <string>

#include "base/error.hpp"

namespace locus {
namespace {

constexpr std::array<std::string_view, 3> precisions{"f32", "bf16", "int8"};

size_t index_of(Precision precision) {
  const auto index = static_cast<size_t>(precision);
  if (index < precisions.size()) return index;
  throw Error("precision", "f32, bf16 or int8", "number " + std::to_string(index));
}

}  // namespace

Precision parse_precision(std::string_view name) {
  for (size_t index = 0; index < precisions.size(); ++index) {
    if (precisions[index] == name) return static_cast<Precision>(index);
  }
  throw Error("precision", "f32, bf16 or int8", "'" + std::string(name) + "'");
}

std::string_view to_string(Precision precision) { return precisions[index_of(precision)]; }

int64_t value_bytes(Precision precision) {
  constexpr std::array<int64_t, 3> bytes{4, 2, 1};
  return bytes[index_of(precision)];
}

}  // namespace locus
