#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/decimal.hpp"
#include "base/error.hpp"
#include "base/json/json.hpp"
#include "engine/weights/byte_reader.hpp"
#include "engine/weights/data_type.hpp"
#include "engine/weights/formats/json_weights_detail.hpp"

namespace locus {
namespace {

using nlohmann::json;

float read_number(const json& value, const detail::JsonPlace& place) {
  if (!value.is_number()) place.refuse("numbers");
  const auto number = static_cast<float>(value.get<double>());
  if (!std::isfinite(number)) place.refuse("numbers within the range of F32");
  return number;
}

// The shape of nested lists by their first elements; `flatten` finds those that differ.
Shape nested_shape(const detail::JsonPlace& place) {
  Shape shape;
  for (const json* value = &place.value(); value->is_array(); value = &value->front()) {
    shape.push_back(static_cast<int64_t>(value->size()));
    if (shape.size() > max_stored_rank) place.refuse("lists in at most 8 levels");
    if (value->empty()) break;
  }
  return shape;
}

void flatten(const detail::JsonPlace& place, const json& value, std::span<const int64_t> shape,
             std::vector<float>& values) {
  if (shape.empty()) {
    values.push_back(read_number(value, place));
    return;
  }
  if (!value.is_array() || static_cast<int64_t>(value.size()) != shape[0]) {
    place.refuse("lists of equal lengths");
  }
  for (const json& item : value) flatten(place, item, shape.subspan(1), values);
}

Tensor read_nested(const detail::JsonPlace& place) {
  const Shape shape = nested_shape(place);
  std::vector<float> values;
  flatten(place, place.value(), shape, values);
  return Tensor(shape, values);
}

Tensor read_flat(const detail::JsonPlace& place) {
  place.expect_keys({"shape", "values"});
  const detail::JsonPlace list = place.at("values");
  if (!list.value().is_array()) list.refuse("a list of numbers");
  const Shape shape = place.at("shape").integers();
  if (shape.size() > max_stored_rank) place.at("shape").refuse("a rank of at most 8");
  const auto expected = weights::checked_product(1, shape);
  if (!expected) place.at("shape").refuse("sizes of zero or more and a product below 2^63");
  if (const size_t count = list.value().size(); count != static_cast<size_t>(*expected)) {
    throw Error(list.where(), std::to_string(*expected) + " numbers for " + to_string(shape),
                std::to_string(count));
  }
  Tensor tensor(shape);
  float* target = tensor.data();
  for (const json& item : list.value()) *target++ = read_number(item, list);
  return tensor;
}

// The shortest digits that give the value back, also to readers that go through f64 (as
// parse_json_weights and Python do): rounding twice may end elsewhere.
std::string number_text(float value) {
  if (value == 0) return std::signbit(value) ? "-0.0" : "0";  // as an integer, -0 loses its sign
  std::array<char, 32> buffer;
  auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  const std::string_view digits(buffer.data(), static_cast<size_t>(end - buffer.data()));
  if (static_cast<float>(leading_decimal(digits).value) != value) {
    const double exact = value;
    end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), exact).ptr;
  }
  return {buffer.data(), end};
}

using Write = std::function<void(std::string_view)>;

void write_tensor(const Tensor& tensor, const Write& write) {
  constexpr size_t part_size = size_t{1} << 16;
  write("{\"shape\": " + to_string(tensor.shape()) + ", \"values\": [");
  std::string text;
  const char* separator = "";
  for (const float value : tensor.values()) {
    text += std::exchange(separator, ", ") + number_text(value);
    if (text.size() < part_size) continue;
    write(text);
    text.clear();
  }
  write(text + "]}");
}

}  // namespace

Weights weights::read_json_weights(const detail::JsonPlace& place) {
  Weights weights;
  for (const auto& [name, entry] : place.members()) {
    weights::expect_tensor_name(place.where(), name);
    weights.add(name, entry.value().is_object() ? read_flat(entry) : read_nested(entry));
  }
  return weights;
}

void weights::write_json_weights(const Weights& weights, std::span<const std::string> names,
                                 std::string_view margin, const Write& write) {
  std::string before = "{\n";
  for (const auto& name : names) {
    write(before + std::string(margin) + "  " + detail::write_json(name) + ": ");
    write_tensor(weights.f32(name), write);
    weights.release(name);
    before = ",\n";
  }
  write((names.empty() ? "{\n" : "\n") + std::string(margin) + "}");
}

Weights parse_json_weights(std::string_view who, std::string_view text) {
  const auto document = detail::parse_json(who, text);
  return weights::read_json_weights(detail::JsonPlace(document, std::string(who)));
}

std::string to_json(const Weights& weights) {
  std::string text;
  weights::write_json_weights(weights, weights.names(), "",
                              [&](std::string_view part) { text += part; });
  return text + "\n";
}

}  // namespace locus
