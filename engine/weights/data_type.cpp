#include "engine/weights/data_type.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "base/float16.hpp"
#include "engine/weights/strided.hpp"

namespace locus {
namespace {

struct Row {
  DataType type;
  std::string_view name;
  int64_t size;
};

constexpr std::array<Row, 12> table{{
    {DataType::f32, "F32", 4},
    {DataType::f16, "F16", 2},
    {DataType::bf16, "BF16", 2},
    {DataType::f64, "F64", 8},
    {DataType::i64, "I64", 8},
    {DataType::i32, "I32", 4},
    {DataType::i16, "I16", 2},
    {DataType::i8, "I8", 1},
    {DataType::u32, "U32", 4},
    {DataType::u16, "U16", 2},
    {DataType::u8, "U8", 1},
    {DataType::boolean, "BOOL", 1},
}};

const Row& row(DataType type) {
  return *std::find_if(table.begin(), table.end(),
                       [&](const Row& row) { return row.type == type; });
}

void narrow_f64(std::span<const std::byte> stored, std::span<float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    double value;
    std::memcpy(&value, stored.data() + i * sizeof value, sizeof value);
    values[i] = static_cast<float>(value);
  }
}

}  // namespace

int64_t size_of(DataType type) { return row(type).size; }
std::string_view to_string(DataType type) { return row(type).name; }

std::string weights::data_type_names() {
  std::string names;
  for (const Row& row : table) names += (names.empty() ? "" : ", ") + std::string(row.name);
  return names;
}

std::optional<DataType> weights::find_data_type(std::string_view name) {
  for (const Row& row : table) {
    if (row.name == name) return row.type;
  }
  return std::nullopt;
}

std::optional<int64_t> weights::checked_product(int64_t first, const Shape& sizes) {
  for (int64_t size : sizes) {
    if (size < 0 || __builtin_mul_overflow(first, size, &first)) return std::nullopt;
  }
  return first;
}

void weights::widen(std::string_view who, const StoredTensor& tensor, std::span<float> values) {
  if (values.empty()) return;
  if (!tensor.strides.empty()) return weights::widen_strided(who, tensor, values);
  switch (tensor.type) {
    case DataType::f32:
      std::memcpy(values.data(), tensor.place.data(), tensor.place.size());
      return;
    case DataType::f16:
      return widen_f16(tensor.place, values);
    case DataType::bf16:
      return widen_bf16(tensor.place, values);
    case DataType::f64:
      return narrow_f64(tensor.place, values);
    default:
      throw Error(who, "floating-point values", to_string(tensor.type));
  }
}

std::optional<size_t> weights::find_not_finite(std::span<const float> values) {
  constexpr uint32_t exponent = 0x7f800000u;
  constexpr size_t block = 1024;  // a block without a branch is vectorised
  for (size_t begin = 0; begin < values.size(); begin += block) {
    const auto part = values.subspan(begin, std::min(block, values.size() - begin));
    uint32_t found = 0;
    for (float value : part) found |= (std::bit_cast<uint32_t>(value) & exponent) == exponent;
    if (!found) continue;
    const auto first = std::find_if_not(part.begin(), part.end(),
                                        [](float value) { return std::isfinite(value); });
    return begin + static_cast<size_t>(first - part.begin());
  }
  return std::nullopt;
}

}  // namespace locus
