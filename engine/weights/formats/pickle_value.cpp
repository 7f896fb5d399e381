// Looking at what a pickle built.
#include <array>

#include "base/error.hpp"
#include "engine/weights/formats/pickle.hpp"

namespace locus::weights {

std::string_view to_string(PickleKind kind) {
  constexpr std::array<std::string_view, 12> names{
      "None",    "a boolean", "a number", "a number", "a number",        "a text",
      "a tuple", "a list",    "a dict",   "a global", "a global's call", "a reference"};
  return names[static_cast<size_t>(kind)];
}

void Pickle::expect(const std::string& at, const PickleValue& value, PickleKind kind) const {
  if (value.kind == kind) return;
  throw Error(at, to_string(kind), to_string(value.kind));
}

const PickleValue& Pickle::item(const std::string& at, const PickleValue& value,
                                size_t index) const {
  if (index < value.items.size()) return values_[value.items[index]];
  throw Error(at, "more than " + std::to_string(index) + " values",
              std::to_string(value.items.size()));
}

}  // namespace locus::weights
