#include <charconv>

#include "base/numbers/parse_decimal.hpp"

namespace locus {

const char* parse_decimal(const char* begin, const char* end, double& value) {
  const auto [rest, error] = std::from_chars(begin, end, value);
  return error == std::errc() ? rest : nullptr;
}

}  // namespace locus
