// What a formula may call, on many values at a time.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace locus::positions {

/// One argument of a function: a value for each lane, or one for all of them.
struct Operand {
  const double* values = nullptr;
  size_t step = 0;  ///< 1, or 0 for one value

  double at(size_t lane) const { return values[lane * step]; }
};

inline constexpr size_t max_arguments = 3;
using Operands = std::array<Operand, max_arguments>;

/// A row of the table of functions; operators are rows too.
struct Function {
  std::string_view name;
  size_t arguments;
  /// out[lane] = f(...), for lanes 0 ... count
  void (*run)(size_t count, double* out, const Operands& in);
};

/// The function or operator of a name, or null.
const Function* find_function(std::string_view name, size_t arguments);
/// The number of arguments of the function of a name; 0 where there is none.
size_t arguments_of(std::string_view name);
/// Names of all functions, for people.
std::string function_names();

}  // namespace locus::positions
