#include "engine/positions/formula/functions.hpp"

#include <algorithm>
#include <cmath>

namespace locus::positions {
namespace {

template <typename F>
constexpr Function unary(std::string_view name, F) {
  return {name, 1, [](size_t count, double* out, const Operands& in) {
            for (size_t lane = 0; lane < count; ++lane) out[lane] = F{}(in[0].values[lane]);
          }};
}

// One value for all lanes stays in a register, so that a compiler sees plain loops.
template <typename F>
constexpr Function binary(std::string_view name, F) {
  return {name, 2, [](size_t count, double* out, const Operands& in) {
            const double* a = in[0].values;
            const double* b = in[1].values;
            if (in[1].step == 0) {
              const double value = *b;
              for (size_t lane = 0; lane < count; ++lane) out[lane] = F{}(a[lane], value);
            } else if (in[0].step == 0) {
              const double value = *a;
              for (size_t lane = 0; lane < count; ++lane) out[lane] = F{}(value, b[lane]);
            } else {
              for (size_t lane = 0; lane < count; ++lane) out[lane] = F{}(a[lane], b[lane]);
            }
          }};
}

template <typename F>
constexpr Function ternary(std::string_view name, F) {
  return {name, 3, [](size_t count, double* out, const Operands& in) {
            for (size_t lane = 0; lane < count; ++lane) {
              out[lane] = F{}(in[0].at(lane), in[1].at(lane), in[2].at(lane));
            }
          }};
}

double truth(bool value) { return value ? 1 : 0; }

constexpr Function table[] = {
    unary("abs", [](double x) { return std::abs(x); }),
    unary("sqrt", [](double x) { return std::sqrt(x); }),
    unary("exp", [](double x) { return std::exp(x); }),
    unary("expm1", [](double x) { return std::expm1(x); }),
    unary("log", [](double x) { return std::log(x); }),
    unary("log1p", [](double x) { return std::log1p(x); }),
    unary("log2", [](double x) { return std::log2(x); }),
    unary("log10", [](double x) { return std::log10(x); }),
    unary("sin", [](double x) { return std::sin(x); }),
    unary("cos", [](double x) { return std::cos(x); }),
    unary("tanh", [](double x) { return std::tanh(x); }),
    unary("sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }),
    unary("relu", [](double x) { return std::max(x, 0.0); }),
    unary("floor", [](double x) { return std::floor(x); }),
    unary("ceil", [](double x) { return std::ceil(x); }),
    binary("min", [](double x, double y) { return std::min(x, y); }),
    binary("max", [](double x, double y) { return std::max(x, y); }),
    binary("mod", [](double x, double y) { return x - y * std::floor(x / y); }),
    ternary("where", [](double c, double x, double y) { return c != 0 ? x : y; }),
    ternary("clamp",
            [](double x, double low, double high) { return std::min(std::max(x, low), high); }),
    // Operators, in this order so that the list of functions ends before them.
    unary("-", [](double x) { return -x; }),
    binary("+", [](double x, double y) { return x + y; }),
    binary("-", [](double x, double y) { return x - y; }),
    binary("*", [](double x, double y) { return x * y; }),
    binary("/", [](double x, double y) { return x / y; }),
    binary("^", [](double x, double y) { return std::pow(x, y); }),
    binary("<", [](double x, double y) { return truth(x < y); }),
    binary("<=", [](double x, double y) { return truth(x <= y); }),
    binary(">", [](double x, double y) { return truth(x > y); }),
    binary(">=", [](double x, double y) { return truth(x >= y); }),
    binary("==", [](double x, double y) { return truth(x == y); }),
    binary("!=", [](double x, double y) { return truth(x != y); }),
};

bool is_word(std::string_view name) { return name[0] >= 'a' && name[0] <= 'z'; }

}  // namespace

const Function* find_function(std::string_view name, size_t arguments) {
  const auto found = std::ranges::find_if(table, [&](const Function& each) {
    return each.name == name && each.arguments == arguments;
  });
  return found == std::end(table) ? nullptr : found;
}

size_t arguments_of(std::string_view name) {
  const auto found = std::ranges::find(table, name, &Function::name);
  return found == std::end(table) ? 0 : found->arguments;
}

std::string function_names() {
  std::string names = "sum";
  for (const Function& each : table) {
    if (is_word(each.name)) names.append(", ").append(each.name);
  }
  return names;
}

}  // namespace locus::positions
