#include <fast_float/fast_float.h>

#include "base/numbers/parse_decimal.hpp"

namespace locus {

const char* parse_decimal(const char* begin, const char* end, double& value) {
  const auto [rest, error] = fast_float::from_chars(begin, end, value);
  return error == std::errc() ? rest : nullptr;
}

}  // namespace locus
